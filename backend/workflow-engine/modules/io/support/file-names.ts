import { WfmError } from '../../../errors/index.ts';
import type { RunFileRow } from '../../../ports/file-store.ts';

const longestName = 200;
/** Names that Windows gives to devices, whatever their extension. */
const deviceName = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

/**
 * A path reduced to a base name that every file system takes (format.md 14.3): no folder, no control or reserved
 * characters, no leading point, no device name.
 *
 * @throws WfmError `file_path_refused` when nothing is left
 */
export function safeBaseName(path: string): string {
  const last = path.split(/[\\/]/).at(-1) ?? '';
  const clean = last
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, '')
    .replace(/[<>:"|?*]/g, '_')
    .replace(/^[. ]{1,255}/, '');
  const name = withoutTail(clean);
  if (name === '') {
    throw new WfmError('file_path_refused', 'The file path holds no usable file name.', {
      params: { file_path: path.slice(0, 200) },
    });
  }
  const cut = cutName(name);
  return deviceName.test(cut) ? `_${cut}` : cut;
}

/** Windows drops points and spaces at the end, which would make two names one. */
function withoutTail(name: string): string {
  let end = name.length;
  while (end > 0 && (name[end - 1] === '.' || name[end - 1] === ' ')) end--;
  return name.slice(0, end);
}

function cutName(name: string): string {
  if (name.length <= longestName) return name;
  const dot = name.lastIndexOf('.');
  const extension = dot > 0 && name.length - dot <= 20 ? name.slice(dot) : '';
  return name.slice(0, longestName - extension.length) + extension;
}

/** Where a file of a run is filed: `root`, `outputs`, or a group of `outputs` (format.md 14.3). */
export function filedUnder(targetPath: string | undefined): Pick<RunFileRow, 'category' | 'group'> {
  const target = (targetPath ?? '').trim();
  if (target === 'root') return { category: 'root', group: null };
  if (target === '' || target === 'outputs') return { category: 'outputs', group: null };
  const group = target.replace(/^outputs[\\/]/, '').replace(/[\\/]/g, '-');
  return { category: 'outputs', group: safeBaseName(group) };
}
