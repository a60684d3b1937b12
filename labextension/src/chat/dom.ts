/** Elements and buttons in one expression; text always goes in as text. */

import { icon } from './icons';
import type { IconName } from './icons';

type Attributes = Record<string, string | boolean | undefined>;

/** A new element; an attribute that is false or undefined is left out, true is empty. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? '' : value);
    }
  }
  node.append(...children);
  return node;
}

/** What a button is and does. */
export interface IButton {
  /** Its name: shown as text, or read out and shown as a tip where there is only an icon. */
  label: string;
  icon?: IconName;
  /** With an icon: show the label beside it. */
  labelled?: boolean;
  class?: string;
  /** A name that is the same when the button is made anew, so that it keeps the focus. */
  action?: string;
  signal: AbortSignal;
  press(event: MouseEvent): void;
}

/** A new button. */
export function button(options: IButton): HTMLButtonElement {
  const { label, icon: name, labelled, action, signal, press } = options;
  const iconOnly = name !== undefined && !labelled;
  const kind = iconOnly ? 'mibyan-icon-button' : 'mibyan-button';
  const node = element('button', {
    type: 'button',
    class: options.class ? `${kind} ${options.class}` : kind,
    'data-action': action,
    title: iconOnly ? label : undefined,
    'aria-label': iconOnly ? label : undefined
  });
  node.append(...(name ? [icon(name)] : []), ...(iconOnly ? [] : [label]));
  node.addEventListener('click', press, { signal });
  return node;
}

/** Short facts in one line; each keeps its own direction among the others. */
export function factLine(name: string, facts: readonly string[]): HTMLElement {
  const line = element('div', { class: `mibyan-quiet ${name}` });
  facts
    .filter(fact => fact !== '')
    .forEach((fact, place) => line.append(place > 0 ? ' · ' : '', element('bdi', {}, fact)));
  return line;
}

/** Replace the children of `node`; the focus stays on the button of the same action, or near. */
export function refill(node: HTMLElement, ...children: (Node | string)[]): void {
  const focused = document.activeElement;
  const action =
    focused && node.contains(focused) ? focused.getAttribute('data-action') : null;
  const had = focused !== null && node.contains(focused);
  node.replaceChildren(...children);
  if (had) {
    const buttons = [...node.querySelectorAll('button')];
    const same = buttons.find(each => each.getAttribute('data-action') === action);
    const near = same ?? buttons[0] ?? node.closest<HTMLElement>('[tabindex="-1"]');
    near?.focus({ preventScroll: true });
  }
}
