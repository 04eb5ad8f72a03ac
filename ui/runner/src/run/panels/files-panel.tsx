import { useQuery } from '@tanstack/react-query';
import { ErrorCard, useLate } from '@wfm/shared/app';
import { Dialog, EmptyState, Skeleton } from '@wfm/shared/components';
import { API_URL, callProduction, dataOf, productionApi } from '@wfm/shared/core';
import { mediaAddress, MediaView } from '@wfm/shared/media';
import { Braces, Download, File, FileText, Film, FolderArchive, Folder, Image, Music } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { runKey, useLiveRun } from '../model/use-run.ts';
import { TextBox } from '../text-box.tsx';
import { valueText } from '../value-text.ts';
import { type FileFolder, type FileLeaf, fileFolder } from './file-tree.ts';

export function useFiles(runId: string) {
  return useQuery({
    queryKey: runKey(runId, 'files'),
    queryFn: () => dataOf(productionApi().GET('/workflow/{run}/files', { params: { path: { run: runId } } })),
    select: (tree) => fileFolder(tree),
  });
}

/** What the run has written and made: looked at here, saved one by one or all at once (U18). */
export function FilesPanel() {
  const words = useTranslations('run.files');
  const { runId } = useLiveRun();
  const { data, error, isPending, refetch } = useFiles(runId);
  const late = useLate(isPending);
  const [shown, setShown] = useState<FileLeaf | null>(null);
  if (error && !data) return <ErrorCard error={error} onRetry={() => void refetch()} />;
  if (!data) return late ? <Skeleton className="m-4 h-32" /> : null;
  if (data.count === 0)
    return (
      <EmptyState icon={<Folder aria-hidden className="size-6" />} title={words('empty')}>
        {words('emptyText')}
      </EmptyState>
    );
  return (
    <div className="grid gap-2 p-3">
      <a
        href={`${API_URL}/workflow/${runId}/files/download`}
        download
        className="inline-flex min-h-11 items-center justify-center gap-2 rounded-md border border-line bg-surface px-4 text-sm font-medium shadow-1 hover:border-line-strong"
      >
        <FolderArchive aria-hidden className="size-4" />
        {words('all', { count: data.count })}
      </a>
      <ul className="grid">
        {data.folders.map((folder) => (
          <FolderItem key={folder.path} folder={folder} depth={0} onShow={setShown} />
        ))}
      </ul>
      {shown ? <Preview file={shown} onClose={() => setShown(null)} /> : null}
    </div>
  );
}

const categories = new Set(['root', 'outputs', 'api_calls', 'media']);

function FolderItem({
  folder,
  depth,
  onShow,
}: {
  folder: FileFolder;
  depth: number;
  onShow: (file: FileLeaf) => void;
}) {
  const words = useTranslations('run.files');
  const isCategory = depth === 0 && categories.has(folder.name);
  return (
    <li>
      <details open={depth < 3}>
        <summary className="flex min-h-11 items-center gap-2 rounded-md px-1 text-sm hover:bg-sunken">
          <Folder aria-hidden className="size-4 shrink-0 text-ink-faint" />
          {isCategory ? (
            <span className="font-medium">{words(`category_${folder.name as 'root'}`)}</span>
          ) : (
            <span className="min-w-0 truncate" data-content dir="auto">
              {folder.name}
            </span>
          )}
          <span className="text-xs text-ink-faint tabular-nums">{folder.count}</span>
        </summary>
        <ul className="ms-3 border-s border-line ps-2">
          {folder.folders.map((below) => (
            <FolderItem key={below.path} folder={below} depth={depth + 1} onShow={onShow} />
          ))}
          {folder.files.map((file) => (
            <FileItem key={file.id} file={file} onShow={onShow} />
          ))}
        </ul>
      </details>
    </li>
  );
}

function FileItem({ file, onShow }: { file: FileLeaf; onShow: (file: FileLeaf) => void }) {
  const words = useTranslations('run.files');
  const Icon = iconOf(file);
  return (
    <li className="flex items-center gap-1">
      <button
        type="button"
        onClick={() => onShow(file)}
        className="flex min-h-11 min-w-0 flex-1 items-center gap-2 rounded-md px-1 text-start text-sm hover:bg-sunken"
      >
        <Icon aria-hidden className="size-4 shrink-0 text-ink-faint" />
        <span className="truncate" data-content dir="auto">
          {file.name}
        </span>
      </button>
      {file.downloadUrl === undefined ? null : (
        <a
          href={mediaAddress(file.downloadUrl)}
          download={file.name}
          aria-label={words('save', { name: file.name })}
          title={words('save', { name: file.name })}
          className="grid size-11 shrink-0 place-items-center rounded-md text-ink-soft hover:bg-sunken hover:text-ink"
        >
          <Download aria-hidden className="size-4" />
        </a>
      )}
    </li>
  );
}

function iconOf({ contentType, mime = '' }: FileLeaf): typeof File {
  if (mime.startsWith('image/')) return Image;
  if (mime.startsWith('audio/')) return Music;
  if (mime.startsWith('video/')) return Film;
  if (contentType === 'json') return Braces;
  return contentType === 'text' ? FileText : File;
}

/** A file, looked at: media as they are, text and JSON as text. */
function Preview({ file, onClose }: { file: FileLeaf; onClose: () => void }) {
  const words = useTranslations('run.files');
  const { url, mime, contentType, name } = file;
  const isText = mime === undefined && (contentType === 'text' || contentType === 'json');
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['file', url],
    enabled: isText && url !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => readText(url ?? '', contentType),
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={
        <span data-content dir="auto">
          {name}
        </span>
      }
      footer={
        file.downloadUrl === undefined ? undefined : (
          <a
            href={mediaAddress(file.downloadUrl)}
            download={name}
            className="inline-flex min-h-11 items-center gap-2 rounded-md bg-accent px-4 text-sm font-medium text-on-accent hover:bg-accent-strong"
          >
            <Download aria-hidden className="size-4" />
            {words('saveThis')}
          </a>
        )
      }
    >
      {isText ? (
        error ? (
          <ErrorCard error={error} onRetry={() => void refetch()} />
        ) : isPending ? (
          <Skeleton className="h-40" />
        ) : (
          <TextBox code={contentType === 'json'} className="max-h-[60dvh]">
            {data.text}
            {data.cut ? `\n\n${words('cut')}` : ''}
          </TextBox>
        )
      ) : url !== undefined && mime !== undefined ? (
        <MediaView url={url} mime={mime} alt={name} />
      ) : (
        <p className="text-sm text-ink-soft">{words('noPreview')}</p>
      )}
    </Dialog>
  );
}

/** More than this is saved, not read on a page. */
const MOST_CHARS = 200_000;

async function readText(url: string, contentType: string): Promise<{ text: string; cut: boolean }> {
  const whole = await (await callProduction(url)).text();
  let text = whole;
  if (contentType === 'json' && whole.length <= MOST_CHARS) {
    try {
      text = valueText(JSON.parse(whole) as unknown);
    } catch {
      // It is shown as it stands.
    }
  }
  return { text: text.slice(0, MOST_CHARS), cut: text.length > MOST_CHARS };
}
