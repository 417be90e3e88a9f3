/** Arrow keys in the tree, as in a file manager; Tab, Enter and Space work by themselves. */
export function listenForKeys(tree: HTMLElement, search: HTMLInputElement): void {
  tree.addEventListener('keydown', (event) => {
    const { target } = event;
    if (!(target instanceof HTMLElement) || target.tagName !== 'SUMMARY') return;
    const next = targetOf(event.key, target, tree);
    if (next === null) return;
    event.preventDefault();
    next.focus();
  });
  document.addEventListener('keydown', (event) => {
    if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    search.focus();
    search.select();
  });
  search.addEventListener('keydown', (event) => {
    if (event.key !== 'ArrowDown') return;
    event.preventDefault();
    tree.querySelector('summary')?.focus();
  });
}

/** What a key leads to; null where it means nothing here. */
function targetOf(key: string, summary: HTMLElement, tree: HTMLElement): HTMLElement | null {
  const details = summary.parentElement as HTMLDetailsElement;
  if (key === 'ArrowRight' && !details.open) return toggled(details, summary);
  if (key === 'ArrowLeft' && details.open) return toggled(details, summary);
  if (key === 'ArrowLeft') return details.parentElement?.closest('details')?.querySelector('summary') ?? null;
  if (!['ArrowDown', 'ArrowUp', 'ArrowRight', 'Home', 'End'].includes(key)) return null;
  const seen = [...tree.querySelectorAll('summary')].filter(isSeen);
  const place = seen.indexOf(summary);
  if (key === 'Home') return seen[0] ?? null;
  if (key === 'End') return seen.at(-1) ?? null;
  return seen[key === 'ArrowUp' ? Math.max(0, place - 1) : place + 1] ?? null;
}

function toggled(details: HTMLDetailsElement, summary: HTMLElement): HTMLElement {
  details.open = !details.open;
  return summary;
}

/** A row is seen when all folders above it are open. */
function isSeen(summary: HTMLElement): boolean {
  return !summary.parentElement?.parentElement?.closest('details:not([open])');
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches('input, textarea, select');
}
