/** A question: where it was asked, its text, and the box to change it. */

import { button, element } from './dom';
import type { IPanel } from './panel';
import type { IChatTurn } from './protocol';
import { QuestionEditor } from './questionEditor';

const LONG = 1200;
const MANY_LINES = 14;

/** What the question's text can do; the cell's part of it only where there is a cell. */
export interface IQuestionActs {
  /** Resolves to whether the kernel has taken the new question. */
  edit(prompt: string): Promise<boolean>;
  goToCell(): void;
}

/** Where the cell of a turn is, as far as the host can tell. */
export type CellPlace = 'here' | 'gone' | 'unknown' | 'none';

export class QuestionView {
  readonly node = element('div', { class: 'mibyan-question' });
  #prompt: string | null = null;
  #editor: HTMLElement | null = null;
  #giveBack: () => void = () => undefined;

  constructor(
    private readonly panel: IPanel,
    private readonly acts: IQuestionActs
  ) {}

  update(turn: IChatTurn, place: CellPlace): void {
    this.node.querySelector(':scope > .mibyan-origin')?.remove();
    const origin = this.#origin(turn, place);
    if (origin) {
      this.node.prepend(origin);
    }
    if (turn.prompt !== this.#prompt) {
      this.#prompt = turn.prompt;
      this.#closeEditor();
      this.node.querySelector(':scope > .mibyan-prompt')?.remove();
      this.node.append(this.#text(turn.prompt));
    }
  }

  /**
   * Open the box to change the question; `forgotten` is how many later turns go with it, `giveBack`
   * puts the focus where it is to be when the box closes.
   */
  openEditor(forgotten: () => number, giveBack: () => void): void {
    this.#closeEditor();
    this.#giveBack = giveBack;
    const editor = new QuestionEditor(this.panel, {
      prompt: this.#prompt ?? '',
      forgotten,
      confirmed: prompt => void this.#edit(prompt),
      cancelled: () => this.#closeEditor()
    });
    this.#editor = editor.node;
    this.node.append(editor.node);
    this.node.classList.add('mibyan-editing');
    editor.focus();
  }

  async #edit(prompt: string): Promise<void> {
    if (await this.acts.edit(prompt)) {
      this.#closeEditor();
    }
  }

  #closeEditor(): void {
    const had = this.#editor?.contains(document.activeElement);
    this.#editor?.remove();
    this.#editor = null;
    this.node.classList.remove('mibyan-editing');
    if (had) {
      this.#giveBack();
    }
  }

  #text(prompt: string): HTMLElement {
    const text = element('div', { class: 'mibyan-prompt', dir: 'auto' }, prompt);
    if (prompt.length > LONG || prompt.split('\n').length > MANY_LINES) {
      text.append(this.#foldButton(prompt, text));
    }
    return text;
  }

  /** Shows the start of a long question, all of it, or the start again, before itself in `place`. */
  #foldButton(prompt: string, place: HTMLElement): HTMLButtonElement {
    const { words, signal } = this.panel;
    const start = prompt.split('\n').slice(0, MANY_LINES).join('\n').slice(0, LONG);
    let whole = true;
    const press = () => {
      whole = !whole;
      place.firstChild?.replaceWith(whole ? `${prompt} ` : `${start} … `);
      fold.textContent = whole ? words.__('Show less') : words.__('Show the whole question');
      fold.setAttribute('aria-expanded', String(whole));
      if (!whole) {
        fold.scrollIntoView({ block: 'nearest' });
      }
    };
    const fold = button({ label: '', class: 'mibyan-link', signal, press });
    press();
    return fold;
  }

  #origin(turn: IChatTurn, place: CellPlace): HTMLElement | null {
    const { words, signal } = this.panel;
    if (turn.source === 'python') {
      return element('div', { class: 'mibyan-origin' }, words.__('From Python'));
    }
    if (!turn.cell) {
      return null;
    }
    const notebook = turn.cell.notebook.split('/').pop();
    const where =
      place === 'unknown' && notebook
        ? words.__('In a cell of %1', notebook)
        : words.__('In a cell');
    const line = element('div', { class: 'mibyan-origin' }, where);
    if (place === 'here') {
      const press = () => this.acts.goToCell();
      const label = words.__('Go to cell');
      line.append(' · ', button({ label, class: 'mibyan-link', action: 'go', signal, press }));
    } else if (place === 'gone') {
      line.append(' · ', words.__('cell gone'));
    }
    return line;
  }
}
