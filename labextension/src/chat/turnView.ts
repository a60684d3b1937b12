/** One turn: its question, its answer, how it stands, and what can be done with it. */

import { AnswerView } from './answerView';
import { decorateCode, lastPython, sourceOf } from './codeBlocks';
import { onlyGrew } from './conversation';
import { button, element, refill } from './dom';
import { faultView } from './faultView';
import type { IPanel } from './panel';
import type { IChatTurn, IFault, IReceipt } from './protocol';
import { QuestionView } from './questionView';
import type { CellPlace } from './questionView';
import { receiptView } from './receiptView';
import { TurnActs } from './turnActs';
import type { ITurnStage } from './turnActs';
import { TurnParts } from './turnParts';

export class TurnView implements ITurnStage {
  readonly node = element('article', { class: 'mibyan-turn', tabindex: '-1' });
  #turn: IChatTurn;
  #version: number;
  #place: CellPlace = 'none';
  #drawn: { turn: IChatTurn; place: CellPlace; last: boolean } | null = null;
  #question: QuestionView;
  #answer: AnswerView;
  #state = element('div', { class: 'mibyan-state' });
  #foot = element('div', { class: 'mibyan-foot' });
  #extras = element('div', { class: 'mibyan-extras' });
  #parts: TurnParts;

  constructor(
    private readonly panel: IPanel,
    turn: IChatTurn,
    private readonly turnsAfter: (id: string) => number
  ) {
    this.#turn = turn;
    this.#version = turn.versions;
    const acts = new TurnActs(panel, this);
    this.#question = new QuestionView(panel, acts);
    this.#answer = new AnswerView(block => this.#settle(block), panel.signal);
    const openEditor = () =>
      this.#question.openEditor(
        () => this.turnsAfter(this.#turn.id),
        () => this.#focusOn('edit')
      );
    this.#parts = new TurnParts(panel, acts, openEditor, this.#extras);
    this.node.addEventListener('keydown', event => this.#key(event), { signal: panel.signal });
    this.node.append(
      this.#question.node,
      this.#answer.node,
      this.#state,
      this.#foot,
      this.#extras
    );
  }

  get turn(): IChatTurn {
    return this.#turn;
  }

  /** Show the turn as it is now; `last` tells whether no turn follows. */
  update(turn: IChatTurn, last: boolean): void {
    const drawn = this.#drawn;
    if (!drawn || drawn.turn.cell !== turn.cell) {
      this.#place = this.#find(turn);
    }
    const place = this.#place;
    if (drawn && drawn.turn === turn && drawn.place === place && drawn.last === last) {
      return;
    }
    this.#drawn = { turn, place, last };
    this.#turn = turn;
    if (drawn?.turn !== turn) {
      this.#showNewest(drawn?.turn);
    }
    const grew = drawn && drawn.place === place && drawn.last === last;
    if (!grew || !onlyGrew(drawn.turn, turn)) {
      this.#draw();
    }
  }

  /** Cells have come or gone. */
  lookForCells(): void {
    const drawn = this.#drawn;
    if (drawn) {
      this.#place = this.#find(drawn.turn);
      this.update(drawn.turn, drawn.last);
      this.#drawCorrection();
    }
  }

  showFault(fault: IFault | null): void {
    this.#extras.querySelector(':scope > .mibyan-fault')?.remove();
    if (fault) {
      this.#extras.append(faultView(fault, this.panel.host, this.panel.signal));
    }
  }

  /** Show what was sent; a second time hides it. */
  showReceipt(receipt: IReceipt): void {
    if (!this.#closeReceipt()) {
      const view = receiptView(receipt, this.panel.words);
      this.#extras.append(view);
      view.scrollIntoView({ block: 'nearest' });
    }
  }

  /** Whether it was open; the focus goes to its button. */
  #closeReceipt(): boolean {
    const open = this.#extras.querySelector(':scope > .mibyan-receipt');
    open?.remove();
    if (open) {
      this.#focusOn('why');
    }
    return open !== null;
  }

  #key({ key, target }: KeyboardEvent): void {
    // A question or a box within the turn has an Escape of its own.
    const own = target instanceof Element && target.closest('.mibyan-confirm, .mibyan-editor');
    if (key === 'Escape' && !own) {
      this.#closeReceipt();
    }
  }

  showVersion(number: number, blocks: string[]): void {
    this.#version = number;
    this.#answer.update(blocks, number === this.#turn.versions ? this.#turn.tail : '');
    this.#draw();
  }

  #showNewest(before: IChatTurn | undefined): void {
    if (before && before.status !== this.#turn.status) {
      refill(this.#extras);
    }
    this.#version = this.#turn.versions;
    this.#answer.update(this.#turn.blocks, this.#turn.tail);
  }

  #draw(): void {
    const drawn = this.#drawn;
    if (!drawn) {
      return;
    }
    const { turn, place } = drawn;
    const look = { ...drawn, version: this.#version, hasText: !this.#answer.empty };
    this.node.dataset.status = turn.status;
    this.node.setAttribute('aria-label', turn.prompt.slice(0, 80));
    this.node.dataset.source = turn.source;
    this.node.classList.toggle('mibyan-starts-new', turn.starts_new);
    this.#question.update(turn, place);
    refill(this.#state, ...this.#parts.state(look));
    refill(this.#foot, ...this.#parts.foot(look));
    this.#drawCorrection();
  }

  /** Put the focus on one of the turn's buttons, or on the turn where there is none. */
  #focusOn(action: string): void {
    const found = this.#foot.querySelector<HTMLElement>(`[data-action="${action}"]`);
    (found ?? this.node).focus({ preventScroll: true });
  }

  #settle(block: HTMLElement): void {
    const { host, signal, model } = this.panel;
    decorateCode(block, host, {
      signal,
      announce: text => this.panel.announce(text),
      toNextCell: async source => {
        await model.request('next_cell', { source });
      }
    });
    if (block.querySelector('.mibyan-math')) {
      host.typeset?.(block);
    }
  }

  /** The way of the last block of Python into the cell that it is meant for. */
  #drawCorrection(): void {
    this.node.querySelector('.mibyan-correction')?.remove();
    const { words, host, signal } = this.panel;
    const { corrects, status, versions } = this.#turn;
    const code = lastPython(this.#answer.node);
    if (!corrects || !code || status !== 'complete' || this.#version !== versions) {
      return;
    }
    if (host.cells?.find(corrects) === 'here') {
      const replace = button({
        label: words.__('Replace the failing cell'),
        icon: 'replace',
        labelled: true,
        class: 'mibyan-primary',
        action: 'correct',
        signal,
        press: () => {
          host.cells?.replace(corrects, sourceOf(code));
          this.panel.announce(words.__('The cell is replaced; you can undo that there.'));
        }
      });
      code.after(element('div', { class: 'mibyan-correction' }, replace));
    }
  }

  #find(turn: IChatTurn): CellPlace {
    const { cells } = this.panel.host;
    return turn.cell && cells ? cells.find(turn.cell) : 'none';
  }
}
