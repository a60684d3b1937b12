/** A row of buttons that is one stop for Tab; the arrow keys go through it. */

import { element } from './dom';

/** https://www.w3.org/WAI/ARIA/apg/patterns/toolbar/ */
export function toolbar(
  label: string,
  buttons: HTMLElement[],
  signal: AbortSignal
): HTMLElement {
  const bar = element('div', { class: 'mibyan-toolbar', role: 'toolbar', 'aria-label': label });
  bar.append(...buttons);
  rove(bar, signal);
  return bar;
}

function rove(bar: HTMLElement, signal: AbortSignal): void {
  const items = () =>
    [...bar.querySelectorAll('button')].filter(
      each => !each.disabled && !each.closest('.mibyan-popover')
    );
  items().forEach((each, position) => (each.tabIndex = position === 0 ? 0 : -1));
  const listen = { signal };
  bar.addEventListener('keydown', event => step(event, bar, items()), listen);
  bar.addEventListener(
    'focusin',
    event => items().forEach(each => (each.tabIndex = each === event.target ? 0 : -1)),
    listen
  );
}

function step(event: KeyboardEvent, bar: HTMLElement, items: HTMLButtonElement[]): void {
  const at = items.findIndex(each => each === document.activeElement);
  const forward = getComputedStyle(bar).direction === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  const backward = forward === 'ArrowLeft' ? 'ArrowRight' : 'ArrowLeft';
  const last = items.length - 1;
  const targets: Record<string, number> = {
    [forward]: at === last ? 0 : at + 1,
    [backward]: at <= 0 ? last : at - 1,
    Home: 0,
    End: last
  };
  const target = targets[event.key];
  if (at >= 0 && target !== undefined) {
    event.preventDefault();
    items[target]?.focus();
  }
}
