/** What can be done with one turn: the requests behind its buttons. */

import { faultOf } from './faults';
import { isType } from './messages';
import type { Answered } from './messages';
import type { IPanel } from './panel';
import type { IChatTurn, IFault, IReceipt } from './protocol';

/** Where the results of the requests are shown. */
export interface ITurnStage {
  readonly turn: IChatTurn;
  showFault(fault: IFault | null): void;
  showReceipt(receipt: IReceipt): void;
  showVersion(number: number, blocks: string[]): void;
}

export class TurnActs {
  constructor(
    private readonly panel: IPanel,
    private readonly stage: ITurnStage
  ) {}

  stop(): void {
    void this.#attempt(() => this.panel.model.request('stop', { turn: this.#id }));
  }

  /** Ask the same again: a cell's question by running the cell. */
  askAgain(): void {
    const { cell } = this.stage.turn;
    if (cell) {
      this.panel.host.cells?.run(cell);
    } else {
      void this.#attempt(() => this.panel.model.request('regenerate', { turn: this.#id }));
    }
  }

  carryOn(): void {
    const prompt = this.panel.words.__('Please continue where your answer stopped.');
    void this.#attempt(() => this.panel.model.request('carry_on', { turn: this.#id, prompt }));
  }

  goToCell(): void {
    const { cell } = this.stage.turn;
    if (cell) {
      this.panel.host.cells?.goTo(cell);
    }
  }

  edit(prompt: string): Promise<boolean> {
    return this.#attempt(() => this.panel.model.request('edit', { turn: this.#id, prompt }));
  }

  remove(): void {
    void this.#attempt(() => this.panel.model.request('delete', { turn: this.#id }));
  }

  /** Resolves to whether it is on the clipboard. */
  copyMarkdown(): Promise<boolean> {
    return this.#attempt(async () => {
      const answer = await this.panel.model.request('markdown', { turn: this.#id });
      if (isType(answer, 'markdown')) {
        await this.panel.host.copy(answer.text);
        this.panel.announce(this.panel.words.__('Copied'));
      }
    });
  }

  why(): void {
    void this.#attempt(async () => {
      const answer = await this.panel.model.request('why', { turn: this.#id });
      if (isType(answer, 'receipt')) {
        this.stage.showReceipt(answer);
      }
    });
  }

  /** Show one of the answers, 1 the oldest. */
  version(number: number): void {
    void this.#attempt(async () => {
      const { turn } = this.stage;
      const answer =
        number === turn.versions
          ? turn
          : await this.panel.model.request('version', { turn: turn.id, number });
      if ('blocks' in answer) {
        this.stage.showVersion(number, answer.blocks);
      }
    });
  }

  get #id(): string {
    return this.stage.turn.id;
  }

  async #attempt(act: () => Promise<Answered | void>): Promise<boolean> {
    this.stage.showFault(null);
    try {
      await act();
      return true;
    } catch (error) {
      this.stage.showFault(faultOf(error));
      return false;
    }
  }
}
