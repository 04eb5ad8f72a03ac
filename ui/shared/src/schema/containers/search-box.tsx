import { useTranslations } from 'use-intl';
import { SearchField } from '../../components/search-field.tsx';

/** Where one looks for some of many members. */
export function SearchBox({
  value,
  onChange,
  count,
  found,
}: {
  value: string;
  onChange: (value: string) => void;
  count: number;
  found: number;
}) {
  const words = useTranslations('view');
  return (
    <SearchField
      label={words('searchAmong', { count })}
      value={value}
      onChange={onChange}
      found={value.trim() === '' ? '' : words('found', { count: found })}
    />
  );
}
