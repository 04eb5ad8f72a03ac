/** A file or a folder, as the server gives it (format.md 7). */
export interface FileNode {
  _meta: {
    display_name: string;
    icon: string;
    leaf?: boolean;
    content_type?: string;
    mime?: string;
    content_url?: string;
    download_url?: string;
  };
  children?: Record<string, FileNode>;
}

export interface FileLeaf {
  id: string;
  name: string;
  contentType: string;
  mime: string | undefined;
  url: string | undefined;
  downloadUrl: string | undefined;
}

export interface FileFolder {
  path: string;
  name: string;
  folders: FileFolder[];
  files: FileLeaf[];
  /** Files in it and below. */
  count: number;
}

/** The tree as folders and files. */
export function fileFolder(tree: Record<string, unknown>, path = '', name = ''): FileFolder {
  const folders: FileFolder[] = [];
  const files: FileLeaf[] = [];
  for (const [key, value] of Object.entries(tree as Record<string, FileNode>)) {
    const { _meta: meta, children } = value;
    if (children) folders.push(fileFolder(children, `${path}/${key}`, meta.display_name));
    else
      files.push({
        id: key,
        name: meta.display_name,
        contentType: meta.content_type ?? '',
        mime: meta.mime,
        url: meta.content_url,
        downloadUrl: meta.download_url,
      });
  }
  const count = folders.reduce((sum, folder) => sum + folder.count, files.length);
  return { path, name, folders, files, count };
}
