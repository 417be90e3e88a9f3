/**
 * Follows links from a warning to a scriptlet or a file, and the one in the page's address: what they lead to is
 * opened and gets the focus. `onFile` gets the file's row and answers its element.
 */
export function followLinks(onFile: (index: number) => HTMLDetailsElement | null): void {
  const follow = (hash: string): boolean => {
    const [, kind, number] = /^#(file|scriptlet)-(\d+)$/.exec(hash) ?? [];
    if (number === undefined) return false;
    const row = kind === 'file' ? onFile(Number(number)) : scriptletRow(number);
    if (row !== null) openRow(row);
    return row !== null;
  };
  document.addEventListener('click', (event) => {
    const link = event.target instanceof Element ? event.target.closest('a.to-file, a.to-scriptlet') : null;
    if (link instanceof HTMLAnchorElement && follow(link.hash)) event.preventDefault();
  });
  follow(location.hash);
}

function scriptletRow(number: string): HTMLDetailsElement | null {
  return document.querySelector<HTMLDetailsElement>(`#scriptlet-${number} > details`);
}

function openRow(row: HTMLDetailsElement): void {
  row.open = true;
  const summary = row.querySelector('summary');
  summary?.scrollIntoView({ block: 'center' });
  summary?.focus({ preventScroll: true });
}
