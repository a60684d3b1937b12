/** The user's setting of how much of the notebook goes along, for new conversations. */

import { UUID } from '@lumino/coreutils';

import { isType } from './chat/messages';
import type { KernelMessage } from './chat/protocol';
import type { ITransport } from './chat/host';
import type { IChatPreferences } from './tokens';

/**
 * Tell each conversation that has not begun, once, what the user has set; what is changed in it
 * later stays. Returns how to end that.
 */
export function setContextDefault(
  transport: ITransport,
  preferences: IChatPreferences
): () => void {
  let done = '';
  return transport.onMessage((message: KernelMessage) => {
    const { context } = preferences;
    if (!isType(message, 'snapshot') || message.run === done) {
      return;
    }
    done = message.run;
    const isNew = message.turns.length === 0;
    if (isNew && context !== 'kernel' && context !== message.header.context) {
      transport.send({ id: UUID.uuid4(), op: 'set', args: { context } });
    }
  });
}
