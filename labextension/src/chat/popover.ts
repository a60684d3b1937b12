/** A button that opens a small surface beside it. */

import { element } from './dom';

/** The button with its surface. */
export interface IPopover {
  readonly node: HTMLElement;
  close(): void;
}

/**
 * Make `opener` show and hide `content`, which stays inside the panel. Escape, a press elsewhere and
 * leaving with the keyboard close it.
 */
export function popover(
  opener: HTMLButtonElement,
  content: HTMLElement,
  signal: AbortSignal
): IPopover {
  content.classList.add('mibyan-popover');
  const anchor = element('div', { class: 'mibyan-anchor' }, opener, content);
  const show = (open: boolean) => {
    content.hidden = !open;
    opener.setAttribute('aria-expanded', String(open));
  };
  show(false);
  const listen = { signal };
  opener.addEventListener(
    'click',
    () => {
      show(content.hidden);
      if (!content.hidden) {
        content.querySelector<HTMLElement>('button, input')?.focus();
      }
    },
    listen
  );
  const leave = (event: Event) => {
    if (!content.hidden && !(event.target instanceof Node && anchor.contains(event.target))) {
      show(false);
    }
  };
  document.addEventListener('pointerdown', leave, listen);
  document.addEventListener('focusin', leave, listen);
  anchor.addEventListener(
    'keydown',
    event => {
      if (event.key === 'Escape' && !content.hidden) {
        show(false);
        opener.focus();
      }
    },
    listen
  );
  return { node: anchor, close: () => show(false) };
}
