/** What the sidebar shows instead of a conversation. */

import type { IDisposable } from '@lumino/disposable';

import { element } from './chat/dom';
import type { IWords } from './chat/host';
import type { ISaid, Remedy, said, Standing } from './standing';

/** Says where things stand, with a button for each remedy. */
export class StandingView implements IDisposable {
  readonly node = element('div', { class: 'mibyan-standing', role: 'status' });
  #shown: Standing | null = null;
  #isDisposed = false;

  constructor(
    private readonly words: IWords,
    private readonly say: typeof said,
    private readonly apply: (remedy: Remedy) => void
  ) {}

  get isDisposed(): boolean {
    return this.#isDisposed;
  }

  /** Say it; hidden where there is a conversation to show. */
  show(standing: Standing, failure: string): void {
    this.node.hidden = standing === 'ready';
    if (standing !== this.#shown) {
      this.#shown = standing;
      this.node.replaceChildren(...this.#parts(this.say(standing, failure, this.words)));
    }
  }

  focus(): void {
    this.node.querySelector('button')?.focus();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.node.replaceChildren();
  }

  #parts({ text, hint, detail, remedies }: ISaid): HTMLElement[] {
    const parts: HTMLElement[] = [element('p', { class: 'mibyan-standing-text' }, text)];
    if (hint) {
      parts.push(element('p', {}, hint));
    }
    if (detail) {
      parts.push(element('pre', { dir: 'ltr' }, detail));
    }
    return [...parts, ...remedies.map(({ remedy, label }, n) => this.#button(remedy, label, n))];
  }

  #button(remedy: Remedy, label: string, position: number): HTMLButtonElement {
    const emphasis = position === 0 ? 'jp-mod-accept' : 'jp-mod-reject';
    const button = element('button', { class: `jp-mod-styled ${emphasis}` }, label);
    button.addEventListener('click', () => this.apply(remedy));
    return button;
  }
}
