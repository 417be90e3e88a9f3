type Child = Node | string | null;

/**
 * An element with a class and children. Text goes in as text nodes: nothing in the page's script sets markup from a
 * string.
 */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className = '',
  ...children: Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** An element of the page by its id. Throws where there is none. */
export function byId<Kind extends HTMLElement = HTMLElement>(id: string): Kind {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no element ${id}`);
  return found as Kind;
}

/** Text for screen readers alone. */
export function unseen(text: string): HTMLElement {
  return element('span', 'unseen', text);
}
