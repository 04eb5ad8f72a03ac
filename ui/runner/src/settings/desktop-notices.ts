const KEY = 'wfm.notices';

/** Whether this browser shall show notices on the desktop. */
export function wantsNotices(): boolean {
  try {
    return (
      globalThis.localStorage.getItem(KEY) === '1' &&
      'Notification' in globalThis &&
      Notification.permission === 'granted'
    );
  } catch {
    return false;
  }
}

export function keepNotices(wanted: boolean): void {
  try {
    if (wanted) globalThis.localStorage.setItem(KEY, '1');
    else globalThis.localStorage.removeItem(KEY);
  } catch {
    // A browser that keeps nothing asks again.
  }
}

/** Says that a run needs somebody, once for each question; only while no page of ours is looked at. */
export function showNotice(runId: string, title: string, body: string): void {
  if (!wantsNotices() || document.visibilityState === 'visible') return;
  const notice = new Notification(title, { body, tag: runId });
  notice.addEventListener('click', () => {
    globalThis.focus();
    globalThis.location.assign(`/app/r/${runId}`);
  });
}
