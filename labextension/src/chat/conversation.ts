/** The conversation as a view knows it, and what each change makes of it. Pure. */

import type { Change } from './messages';
import type { IChatTurn, IFrame, IHeader, ISnapshot, ITurnChanged } from './protocol';

/** Everything a view shows; values are replaced, never changed. */
export interface IConversation {
  readonly run: string;
  readonly seq: number;
  readonly header: IHeader;
  readonly turns: readonly IChatTurn[];
}

/** The conversation that a snapshot tells. */
export function fromSnapshot(snapshot: ISnapshot): IConversation {
  const { run, seq, header, turns } = snapshot;
  return { run, seq, header, turns };
}

/** Whether a change belongs to what is known already. */
export function isOld(conversation: IConversation, change: Change): boolean {
  return change.run === conversation.run && change.seq <= conversation.seq;
}

/** The conversation after `change`; null when something between is missing. */
export function after(
  conversation: IConversation,
  change: Change
): IConversation | null {
  if (change.run !== conversation.run || change.seq !== conversation.seq + 1) {
    return null;
  }
  const next = { ...conversation, seq: change.seq };
  switch (change.type) {
    case 'header':
      return { ...next, header: change.header };
    case 'removed':
      return { ...next, turns: next.turns.filter(turn => turn.id !== change.id) };
    case 'turn':
      return { ...next, turns: placed(next.turns, change) };
    case 'frame': {
      const turns = grown(next.turns, change);
      return turns && { ...next, turns };
    }
  }
}

function placed(turns: readonly IChatTurn[], change: ITurnChanged): IChatTurn[] {
  const rest = turns.filter(turn => turn.id !== change.turn.id);
  rest.splice(change.index, 0, change.turn);
  return rest;
}

function grown(turns: readonly IChatTurn[], frame: IFrame): IChatTurn[] | null {
  const turn = turns.find(turn => turn.id === frame.id);
  if (!turn || frame.from > turn.blocks.length) {
    return null;
  }
  const blocks = [...turn.blocks.slice(0, frame.from), ...frame.settled];
  const next = { ...turn, blocks, tail: frame.tail, retrying: null };
  return turns.map(old => (old === turn ? next : old));
}

/** Whether of a turn only the answer's text has changed, if anything. */
export function onlyGrew(before: IChatTurn, now: IChatTurn): boolean {
  const old: Record<string, unknown> = { ...before, blocks: now.blocks, tail: now.tail };
  return Object.entries(now).every(([name, value]) => isSame(old[name], value));
}

/** Two plain values are equal; a snapshot brings equal objects, not the same ones. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || JSON.stringify(one) === JSON.stringify(other);
}
