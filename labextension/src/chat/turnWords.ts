/** The kernel's codes about a turn, in words. Pure. */

import type { IWords } from './host';
import type { IChatTurn } from './protocol';

/** Whether the turn is over, one way or another. */
export function hasEnded(turn: IChatTurn): boolean {
  return turn.status !== 'waiting' && turn.status !== 'running';
}

/** How the turn stands. */
export function statusWords(turn: IChatTurn, words: IWords): string {
  switch (turn.status) {
    case 'waiting':
      return turn.behind > 0
        ? words._n('waits for %1 answer', 'waits for %1 answers', turn.behind)
        : words.__('waiting');
    case 'running':
      return words.__('answering');
    case 'complete':
      return words.__('complete');
    case 'stopped':
      return words.__('stopped');
    case 'cut_off':
      return cutWords(turn.finish_reason, words);
    case 'failed':
      return words.__('failed');
  }
}

/** What is said aloud when a turn's status has become what it is; empty for nothing. */
export function announcement(turn: IChatTurn, words: IWords): string {
  switch (turn.status) {
    case 'waiting':
      return turn.behind > 0 ? words.__('The question waits.') : '';
    case 'running':
      return words.__('Answer started.');
    case 'complete':
      return words.__('Answer complete.');
    case 'stopped':
      return words.__('Answer stopped.');
    case 'cut_off':
      return words.__('Answer cut off.');
    case 'failed':
      return words.__('There is no answer: the question failed.');
  }
}

/** Where an answer that is not whole ends; a question that was cancelled in the queue has none. */
export function partialWords(turn: IChatTurn, words: IWords): string {
  if (!turn.was_sent) {
    return words.__('Not sent.');
  }
  return turn.status === 'stopped' ? words.__('Stopped here.') : words.__('Cut off here.');
}

/** The facts below an answer that has ended; empty ones do not apply. */
export function footerFacts(turn: IChatTurn, words: IWords): string[] {
  if (!turn.was_sent) {
    return [statusWords(turn, words)];
  }
  return [
    turn.model,
    turn.tokens === null ? '' : tokenWords(turn.tokens, turn.tokens_estimated, words),
    turn.seconds === null ? '' : words.__('%1 s', turn.seconds.toFixed(1)),
    statusWords(turn, words),
    turn.context_tokens
      ? words.__('context ≈ %1 tokens', turn.context_tokens.toLocaleString())
      : '',
    turn.context_note,
    turn.redactions
      ? words._n('%1 secret redacted', '%1 secrets redacted', turn.redactions)
      : '',
    turn.left_out
      ? words._n('%1 oldest turn not sent', '%1 oldest turns not sent', turn.left_out)
      : '',
    turn.kept_out ? words.__('not sent along later') : ''
  ];
}

/** A number of tokens; ≈ marks an estimate. */
export function tokenWords(tokens: number, estimated: boolean, words: IWords): string {
  const number = tokens.toLocaleString();
  return estimated ? words.__('≈ %1 tokens', number) : words.__('%1 tokens', number);
}

function cutWords(reason: string | null, words: IWords): string {
  switch (reason) {
    case null:
      return words.__('cut off');
    case 'length':
      return words.__('cut off by the model’s length limit');
    case 'content_filter':
      return words.__('cut off by the content filter');
    default:
      return words.__('cut off: %1', reason.slice(0, 40));
  }
}
