/** A button that opens a small surface beside it. */

import { element } from './dom';

/**
 * A press on `opener` shows and hides `content`, which stays inside the panel. Escape, a press
 * elsewhere and leaving with the keyboard close it.
 */
export class Popover {
  readonly node: HTMLElement;

  constructor(
    private readonly opener: HTMLButtonElement,
    private readonly content: HTMLElement,
    signal: AbortSignal
  ) {
    content.classList.add('mibyan-popover');
    this.node = element('div', { class: 'mibyan-anchor' }, opener, content);
    this.close();
    const leave = (event: Event) => this.#leave(event);
    opener.addEventListener('click', () => this.#toggle(), { signal });
    document.addEventListener('pointerdown', leave, { signal });
    document.addEventListener('focusin', leave, { signal });
    this.node.addEventListener('keydown', event => this.#key(event), { signal });
  }

  /** Hide the surface; the focus goes back to the opener from within. */
  close(): void {
    const had = this.content.contains(document.activeElement);
    this.#show(false);
    if (had) {
      this.opener.focus();
    }
  }

  #toggle(): void {
    this.#show(this.content.hidden);
    if (!this.content.hidden) {
      this.content.querySelector<HTMLElement>('button, input')?.focus();
    }
  }

  #show(open: boolean): void {
    this.content.hidden = !open;
    this.opener.setAttribute('aria-expanded', String(open));
  }

  #leave({ target }: Event): void {
    if (!this.content.hidden && !(target instanceof Node && this.node.contains(target))) {
      this.close();
    }
  }

  #key({ key }: KeyboardEvent): void {
    if (key === 'Escape' && !this.content.hidden) {
      this.close();
    }
  }
}
