type Child = Node | string | undefined;

/** Makes an element. Texts stay texts: nothing is ever read as HTML. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K, attributes: Record<string, string | boolean | ((event: Event) => void)> = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') {
      element.addEventListener(name, value);
    } else if (value === true) {
      element.setAttribute(name, '');
    } else if (value !== false) {
      element.setAttribute(name, value);
    }
  }
  element.append(...children.filter((c) => c !== undefined));
  return element;
}

/** The element of the page with an id. */
export function at<T extends HTMLElement = HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (!element) {
    throw new Error(`the page has no #${id}`);
  }
  return element as T;
}

/** Lets the arrow keys move between the tabs of a list. */
export function arrows(list: HTMLElement): void {
  list.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const tabs = [...list.querySelectorAll<HTMLElement>('[role=tab]')];
    const here = tabs.indexOf(document.activeElement as HTMLElement);
    if (!step || here < 0) {
      return;
    }
    event.preventDefault();
    const next = tabs[(here + step + tabs.length) % tabs.length];
    next.click();
    document.getElementById(next.id)?.focus(); // a click may draw the tabs anew
  });
}

/** Prose of a rule's page, in paragraphs. */
export function prose(text: string): HTMLElement[] {
  return text.split('\n\n').map((paragraph) => h('p', {}, ...inline(paragraph)));
}

/** Text with `code` and links. */
export function inline(text: string): Child[] {
  return text.split(/(`[^`]+`|\[[^\]]+\]\(https:[^)\s]+\))/).map((part) => {
    const link = /^\[([^\]]+)\]\((https:[^)\s]+)\)$/.exec(part);
    if (link) {
      return h('a', { href: link[2], rel: 'noreferrer', target: '_blank' }, link[1]);
    }
    return /^`.+`$/s.test(part) ? h('code', {}, part.slice(1, -1)) : part;
  });
}
