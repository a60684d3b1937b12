/** How much of the notebook goes along with the panel's questions. */

import { button, element } from './dom';
import { faultOf } from './faults';
import type { IWords } from './host';
import type { IPanel } from './panel';
import { Popover } from './popover';
import type { ContextMode, IHeader, IOperations } from './protocol';

const MODES: readonly ContextMode[] = ['auto', 'none', 'mentioned', 'all'];

/** A mode in a word or two. */
export function modeWords(mode: ContextMode, words: IWords): string {
  switch (mode) {
    case 'auto':
      return words.__('auto');
    case 'none':
      return words.__('none');
    case 'mentioned':
      return words.__('mentioned');
    case 'all':
      return words.__('all');
  }
}

/** What a mode means, in a sentence. */
export function modeMeaning(mode: ContextMode, words: IWords): string {
  switch (mode) {
    case 'auto':
      return words.__('What a question is about goes along: its cells, variables and errors.');
    case 'none':
      return words.__('Nothing of the notebook goes along.');
    case 'mentioned':
      return words.__('Only what you mention with @ goes along.');
    case 'all':
      return words.__('As much of the notebook as fits goes along.');
  }
}

/** The mode, and a switch for each provider of context. */
export class ContextControl {
  readonly node: HTMLElement;
  #mode: HTMLSelectElement;
  #switches = element('div', { class: 'mibyan-switches' });
  #privacy = element('div', { class: 'mibyan-quiet' });
  #header: IHeader | null = null;
  /** Changes on their way: what the kernel says meanwhile is older than what is shown. */
  #pending = 0;

  constructor(private readonly panel: IPanel) {
    const { words, signal } = panel;
    this.#mode = element('select', { 'aria-label': words.__('Context') });
    for (const mode of MODES) {
      const label = words.__('context: %1', modeWords(mode, words));
      this.#mode.append(element('option', { value: mode }, label));
    }
    this.#mode.addEventListener('change', () => void this.#setMode(), { signal });
    const opener = button({
      label: words.__('What goes along'),
      icon: 'switches',
      signal,
      press: () => undefined
    });
    this.node = element(
      'div',
      { class: 'mibyan-context' },
      this.#mode,
      new Popover(opener, this.#switches, signal).node
    );
  }

  update(header: IHeader): void {
    if (header === this.#header) {
      return;
    }
    this.#header = header;
    if (this.#pending === 0) {
      this.#show(header);
    }
  }

  #show(header: IHeader): void {
    const { words } = this.panel;
    this.#mode.value = header.context;
    this.#mode.title = modeMeaning(header.context, words);
    this.#privacy.textContent = words.__('Privacy: %1', header.privacy);
    const names = this.#boxes().map(box => box.name);
    if (names.join() !== header.providers.join()) {
      this.#switches.replaceChildren(
        element('div', { class: 'mibyan-quiet' }, words.__('What may go along')),
        ...header.providers.map(name => this.#switch(name)),
        this.#privacy
      );
    }
    for (const box of this.#boxes()) {
      box.checked = !header.without.includes(box.name);
    }
  }

  #boxes(): HTMLInputElement[] {
    return [...this.#switches.querySelectorAll('input')];
  }

  #switch(name: string): HTMLElement {
    const box = element('input', { type: 'checkbox', name });
    // This switch alone: the others may be older here than in the kernel.
    const change = () => void this.#ask('switch', { provider: name, on: box.checked });
    box.addEventListener('change', change, { signal: this.panel.signal });
    return element('label', { class: 'mibyan-switch' }, box, name);
  }

  #setMode(): Promise<void> {
    const context = MODES.find(mode => mode === this.#mode.value) ?? 'auto';
    return this.#ask('set', { context });
  }

  async #ask<Op extends 'set' | 'switch'>(op: Op, change: IOperations[Op]): Promise<void> {
    this.panel.showFault(null);
    this.#pending += 1;
    try {
      await this.panel.model.request(op, change);
    } catch (error) {
      this.panel.showFault(faultOf(error));
    }
    this.#pending -= 1;
    // The head that a request leads to comes before its reply.
    const header = this.panel.model.conversation?.header;
    if (this.#pending === 0 && header) {
      this.#show(header);
    }
  }
}
