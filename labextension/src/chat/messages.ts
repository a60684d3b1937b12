/** Telling the kernel's messages apart. */

import type { ISnapshot, KernelMessage, Reply, StateMessage } from './protocol';

type MessageOf<Type extends KernelMessage['type']> = Extract<
  KernelMessage,
  { type: Type }
>;

/** A state message that changes one thing; a snapshot tells everything anew. */
export type Change = Exclude<StateMessage, ISnapshot>;

/** What a request that was done is answered with. */
export type Answered = Exclude<Reply, { type: 'error' }> | ISnapshot;

/** Whether a value from the wire is shaped like a message; its type may be one we do not know. */
export function isKernelMessage(value: unknown): value is KernelMessage {
  return (
    typeof value === 'object' &&
    value !== null &&
    'type' in value &&
    typeof value.type === 'string'
  );
}

/** Narrow a message to one type. */
export function isType<Type extends KernelMessage['type']>(
  message: KernelMessage,
  type: Type
): message is MessageOf<Type> {
  return message.type === type;
}

/** Whether a message changes the conversation. */
export function isChange(message: KernelMessage): message is Change {
  return ['turn', 'removed', 'frame', 'header'].includes(message.type);
}
