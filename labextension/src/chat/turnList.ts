/** The conversation's turns in order, each with a view that stays as long as the turn. */

import { element } from './dom';
import type { IPanel } from './panel';
import type { IChatTurn } from './protocol';
import { TurnView } from './turnView';
import { announcement } from './turnWords';

export class TurnList {
  readonly node: HTMLElement;
  #views = new Map<string, TurnView>();
  #turns: readonly IChatTurn[] | null = null;

  constructor(private readonly panel: IPanel) {
    // What is said aloud goes through the panel's own live region: never every token.
    this.node = element('div', {
      class: 'mibyan-turns',
      role: 'log',
      'aria-live': 'off',
      'aria-label': panel.words.__('Conversation')
    });
    const stop = panel.host.cells?.onChange(() => this.#views.forEach(view => view.lookForCells()));
    panel.signal.addEventListener('abort', () => stop?.());
  }

  /** Show these turns; unchanged ones cost a comparison each. */
  update(turns: readonly IChatTurn[]): void {
    if (turns === this.#turns) {
      return;
    }
    const before = this.#turns;
    this.#turns = turns;
    this.#removeOthers(turns);
    this.#updateViews();
    if (before) {
      this.#announce(before, turns);
    }
  }

  #removeOthers(turns: readonly IChatTurn[]): void {
    const ids = new Set(turns.map(turn => turn.id));
    for (const [id, view] of this.#views) {
      if (!ids.has(id)) {
        const hadFocus = view.node.contains(document.activeElement);
        view.node.remove();
        this.#views.delete(id);
        if (hadFocus) {
          this.panel.focusBox();
        }
      }
    }
  }

  #updateViews(): void {
    const turns = this.#turns ?? [];
    let next = this.node.firstElementChild;
    turns.forEach((turn, place) => {
      const view = this.#view(turn);
      if (view.node === next) {
        next = next.nextElementSibling;
      } else {
        this.node.insertBefore(view.node, next);
      }
      view.update(turn, place === turns.length - 1);
    });
  }

  #view(turn: IChatTurn): TurnView {
    const known = this.#views.get(turn.id);
    if (known) {
      return known;
    }
    const view = new TurnView(this.panel, turn, id => this.#turnsAfter(id));
    this.#views.set(turn.id, view);
    return view;
  }

  #turnsAfter(id: string): number {
    const turns = this.#turns ?? [];
    return turns.length - 1 - turns.findIndex(turn => turn.id === id);
  }

  #announce(before: readonly IChatTurn[], now: readonly IChatTurn[]): void {
    const known = new Map(before.map(turn => [turn.id, turn.status]));
    const changed = now.filter(turn => known.get(turn.id) !== turn.status);
    if (changed.length > 0) {
      const said = changed.map(turn => announcement(turn, this.panel.words));
      this.panel.announce(said.join(' ').trim());
    }
  }
}
