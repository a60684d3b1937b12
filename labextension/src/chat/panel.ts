/** What the parts of a panel share. */

import type { ChatModel } from './chatModel';
import type { IChatHost, IWords } from './host';
import type { IFault } from './protocol';
import type { IRequestOptions } from './requests';

/** One mounted panel, as its parts see it. */
export interface IPanel {
  readonly host: IChatHost;
  readonly words: IWords;
  readonly model: ChatModel;
  /** Aborted when the panel is disposed. */
  readonly signal: AbortSignal;
  /** Say something to a screen reader, politely. */
  announce(text: string): void;
  /** Ask in the panel's name, and go to the end; rejects with a RequestFault. */
  ask(prompt: string, options?: IRequestOptions): Promise<void>;
  /** Run a command as typed behind `/`, and show what comes back; rejects with a RequestFault. */
  command(line: string, options?: IRequestOptions): Promise<void>;
  /** Show a few words below the conversation. */
  notice(text: string): void;
  /** Show a fault that belongs to no turn, above the box; null takes it away. */
  showFault(fault: IFault | null): void;
  /** Put the cursor into the box. */
  focusBox(): void;
}
