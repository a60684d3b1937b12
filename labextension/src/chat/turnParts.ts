/** The changing parts of a turn below its answer: how it stands, and what can be done with it. */

import { confirmIn } from './confirm';
import { countdown } from './countdown';
import { button, element, factLine } from './dom';
import type { IButton } from './dom';
import { faultView } from './faultView';
import { flash } from './feedback';
import type { IPanel } from './panel';
import type { IChatTurn } from './protocol';
import type { CellPlace } from './questionView';
import { toolbar } from './toolbar';
import type { TurnActs } from './turnActs';
import { footerFacts, hasEnded, partialWords, statusWords } from './turnWords';

/** All that the parts depend on. */
export interface ITurnLook {
  turn: IChatTurn;
  place: CellPlace;
  /** Whether no turn follows. */
  last: boolean;
  /** The answer that is shown, 1 the oldest. */
  version: number;
  /** Whether there is text to read. */
  hasText: boolean;
}

/** Builds the parts of one turn. */
export class TurnParts {
  constructor(
    private readonly panel: IPanel,
    private readonly acts: TurnActs,
    private readonly openEditor: () => void,
    private readonly extras: HTMLElement
  ) {}

  /** How an unended, failed or partial turn stands, with what helps; nothing for a whole answer. */
  state(look: ITurnLook): HTMLElement[] {
    const { turn } = look;
    switch (turn.status) {
      case 'waiting':
        return [this.#progress(turn, this.panel.words.__('Cancel'))];
      case 'running':
        return [this.#progress(turn, this.panel.words.__('Stop'))];
      case 'failed':
        return [this.#failed(look)];
      case 'stopped':
      case 'cut_off':
        return [this.#partial(look)];
      case 'complete':
        return [];
    }
  }

  /** The quiet line and the toolbar of an ended turn. */
  foot(look: ITurnLook): HTMLElement[] {
    const { words, signal } = this.panel;
    const { turn } = look;
    if (!hasEnded(turn)) {
      return [];
    }
    const facts =
      look.version === turn.versions ? footerFacts(turn, words) : [words.__('an earlier answer')];
    const bar = toolbar(words.__('This question'), this.#buttons(look), signal);
    return [factLine('mibyan-facts', facts), bar];
  }

  #progress(turn: IChatTurn, action: string): HTMLElement {
    const { words, signal } = this.panel;
    const text =
      turn.status === 'waiting'
        ? statusWords(turn, words)
        : words.__('%1 is answering', turn.model);
    const line = turn.retrying
      ? countdown(turn.retrying, words, signal)
      : element('span', { class: 'mibyan-quiet', dir: 'auto' }, text);
    return element(
      'div',
      { class: 'mibyan-progress' },
      element('span', { class: 'mibyan-pulse', 'aria-hidden': 'true' }),
      line,
      this.#button({ label: action, action: 'stop', press: () => this.acts.stop() })
    );
  }

  #failed(look: ITurnLook): HTMLElement {
    const { host, signal } = this.panel;
    const fault = look.turn.fault ?? { code: '', what: '', hint: '' };
    return faultView(fault, host, signal, ...this.#again(look));
  }

  #partial(look: ITurnLook): HTMLElement {
    const { words, host, signal } = this.panel;
    const { turn } = look;
    const actions = this.#again(look);
    if (look.last && look.hasText) {
      const press = () => this.acts.carryOn();
      actions.unshift(this.#button({ label: words.__('Continue'), action: 'continue', press }));
    }
    if (turn.fault) {
      return faultView(turn.fault, host, signal, ...actions);
    }
    const said = partialWords(turn, words);
    return element(
      'div',
      { class: 'mibyan-partial' },
      element('span', { class: 'mibyan-quiet' }, said),
      ...actions
    );
  }

  #again({ turn, place }: ITurnLook): HTMLElement[] {
    const { words } = this.panel;
    if (turn.cell && place !== 'here') {
      return [];
    }
    const label = turn.cell ? words.__('Run the cell again') : words.__('Ask again');
    return [this.#button({ label, action: 'again', press: () => this.acts.askAgain() })];
  }

  #buttons(look: ITurnLook): HTMLElement[] {
    const { turn, place } = look;
    const { words } = this.panel;
    const found = this.#versions(look);
    const add = (options: Pick<IButton, 'label' | 'icon' | 'action' | 'press'>) =>
      found.push(this.#button(options));
    const isWhole = turn.status === 'complete'; // any other offers this with its state
    if (isWhole && (!turn.cell || place === 'here')) {
      const label = turn.cell ? words.__('Run the cell again') : words.__('Ask again');
      add({ label, icon: turn.cell ? 'run' : 'retry', action: 'regenerate', press: () => this.acts.askAgain() });
    }
    if (!turn.cell) {
      add({ label: words.__('Edit the question'), icon: 'edit', action: 'edit', press: this.openEditor });
    }
    found.push(this.#copyButton());
    if (turn.was_sent) {
      const why = words.__('Why: what was sent');
      add({ label: why, icon: 'why', action: 'why', press: () => this.acts.why() });
    }
    add({ label: words.__('Delete'), icon: 'delete', action: 'delete', press: () => this.#askToDelete() });
    return found;
  }

  #versions({ turn, version }: ITurnLook): HTMLElement[] {
    const { words } = this.panel;
    if (turn.versions < 2) {
      return [];
    }
    const earlier = this.#button({
      label: words.__('Earlier answer'),
      icon: 'previous',
      action: 'earlier',
      press: () => this.acts.version(version - 1)
    });
    const later = this.#button({
      label: words.__('Later answer'),
      icon: 'next',
      action: 'later',
      press: () => this.acts.version(version + 1)
    });
    earlier.disabled = version <= 1;
    later.disabled = version >= turn.versions;
    const place = `${version}/${turn.versions}`;
    return [earlier, element('span', { class: 'mibyan-quiet', dir: 'ltr' }, place), later];
  }

  #copyButton(): HTMLButtonElement {
    const { words, signal } = this.panel;
    const copy = async () => {
      if (await this.acts.copyMarkdown()) {
        flash(node, 'check', words.__('Copied'), signal);
      }
    };
    const label = words.__('Copy as Markdown');
    const node = this.#button({ label, icon: 'copy', action: 'copy', press: () => void copy() });
    return node;
  }

  #askToDelete(): void {
    const { words, signal } = this.panel;
    confirmIn(this.extras, {
      question: words.__('Delete this question and its answer?'),
      action: words.__('Delete'),
      words,
      signal,
      confirmed: () => this.acts.remove()
    });
  }

  #button(options: Pick<IButton, 'label' | 'icon' | 'action' | 'press'>): HTMLButtonElement {
    return button({ ...options, signal: this.panel.signal });
  }
}
