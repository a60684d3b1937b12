/** The list of completions above the box: `@` mentions, `/` commands. */

import { commandCandidates, fitting, mentionCandidates, typedAt } from './candidates';
import type { ICandidate, ITyped } from './candidates';
import { element } from './dom';
import { isType } from './messages';
import type { IPanel } from './panel';

const MOST_SHOWN = 50;
let lists = 0;

/** https://www.w3.org/WAI/ARIA/apg/patterns/combobox/ ; the focus stays in the box. */
export class Completion {
  readonly node: HTMLElement;
  #shown: ICandidate[] = [];
  #active = 0;
  #typed: ITyped | null = null;
  #mentions: Promise<ICandidate[]> | null = null;
  /** Where the word begins whose completions were put away. */
  #dismissed: number | null = null;

  constructor(
    private readonly panel: IPanel,
    private readonly box: HTMLTextAreaElement
  ) {
    lists += 1;
    this.node = element('ul', {
      class: 'mibyan-completions',
      id: `mibyan-completions-${lists}`,
      role: 'listbox',
      'aria-label': panel.words.__('Completions'),
      hidden: true
    });
    const { signal } = panel;
    box.addEventListener('input', () => void this.#update(), { signal });
    box.addEventListener('click', () => this.close(), { signal });
    box.addEventListener('blur', () => this.close(), { signal });
    // A press on an option must not take the focus out of the box.
    this.node.addEventListener('mousedown', event => this.#pick(event), { signal });
  }

  get open(): boolean {
    return !this.node.hidden;
  }

  /** Take a key for the list; whether it was one. */
  takeKey(event: KeyboardEvent): boolean {
    if (!this.open || event.isComposing) {
      return false;
    }
    const taken = this.#act(event);
    if (taken) {
      event.preventDefault();
    }
    return taken;
  }

  close(): void {
    this.#mentions = null;
    this.#typed = null;
    this.#hide();
  }

  #hide(): void {
    this.node.hidden = true;
    this.#shown = [];
    for (const name of ['role', 'aria-expanded', 'aria-controls', 'aria-activedescendant']) {
      this.box.removeAttribute(name);
    }
  }

  #act(event: KeyboardEvent): boolean {
    switch (event.key) {
      case 'ArrowDown':
        this.#activate(this.#active + 1);
        return true;
      case 'ArrowUp':
        this.#activate(this.#active - 1);
        return true;
      case 'Escape':
        this.#dismissed = this.#typed?.start ?? null;
        this.close();
        return true;
      case 'Enter':
      case 'Tab':
        return !event.shiftKey && this.#acceptByKey();
      case 'ArrowLeft':
      case 'ArrowRight':
      case 'Home':
      case 'End':
        this.close();
        return false;
      default:
        return false;
    }
  }

  /** False when the word is typed in full already: then Enter sends, and Tab goes on. */
  #acceptByKey(): boolean {
    const chosen = this.#shown[this.#active];
    if (this.#typed && chosen?.insert.slice(1) === this.#typed.word) {
      this.close();
      return false;
    }
    this.#accept();
    return true;
  }

  #accept(): void {
    const chosen = this.#shown[this.#active];
    const typed = this.#typed;
    if (chosen && typed) {
      this.close();
      const { selectionStart } = this.box;
      this.box.setRangeText(`${chosen.insert} `, typed.start, selectionStart, 'end');
      this.box.dispatchEvent(new Event('input', { bubbles: true }));
    }
  }

  async #update(): Promise<void> {
    const { box } = this;
    const typed = box.selectionStart === box.selectionEnd && typedAt(box.value, box.selectionStart);
    if (!typed || typed.start !== this.#dismissed) {
      this.#dismissed = null;
    }
    if (!typed || typed.start === this.#dismissed) {
      this.close();
      return;
    }
    this.#typed = typed;
    const all = await this.#candidates(typed.kind);
    if (this.#typed === typed && document.activeElement === box) {
      this.#show(fitting(all, typed.word).slice(0, MOST_SHOWN));
    }
  }

  async #candidates(kind: ITyped['kind']): Promise<ICandidate[]> {
    if (kind === 'command') {
      return commandCandidates(this.panel.model.conversation?.header.commands ?? []);
    }
    this.#mentions ??= this.#askForMentions();
    return this.#mentions;
  }

  async #askForMentions(): Promise<ICandidate[]> {
    try {
      const answer = await this.panel.model.request('complete', {});
      return isType(answer, 'completions') ? mentionCandidates(answer, this.panel.words) : [];
    } catch {
      return []; // without the kernel there is nothing to complete, and nothing to say
    }
  }

  #show(candidates: ICandidate[]): void {
    if (candidates.length === 0) {
      this.#hide();
      return;
    }
    this.#shown = candidates;
    this.node.replaceChildren(...candidates.map((each, place) => this.#option(each, place)));
    this.node.hidden = false;
    this.box.setAttribute('role', 'combobox');
    this.box.setAttribute('aria-expanded', 'true');
    this.box.setAttribute('aria-controls', this.node.id);
    this.#activate(0);
  }

  #option(candidate: ICandidate, place: number): HTMLElement {
    return element(
      'li',
      { class: 'mibyan-option', role: 'option', id: `${this.node.id}-${place}` },
      element('span', { class: 'mibyan-option-label', dir: 'ltr' }, candidate.label),
      element('span', { class: 'mibyan-quiet', dir: 'auto' }, candidate.about)
    );
  }

  #activate(place: number): void {
    const options = [...this.node.children];
    this.#active = (place + options.length) % options.length;
    options.forEach((option, at) =>
      option.setAttribute('aria-selected', String(at === this.#active))
    );
    const active = options[this.#active];
    if (active) {
      this.box.setAttribute('aria-activedescendant', active.id);
      active.scrollIntoView({ block: 'nearest' });
    }
  }

  #pick(event: MouseEvent): void {
    event.preventDefault();
    const option = event.target instanceof Element ? event.target.closest('[role=option]') : null;
    if (option) {
      this.#active = [...this.node.children].indexOf(option);
      this.#accept();
    }
  }
}
