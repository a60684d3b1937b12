/** Our messages in Jupyter's envelopes. */

import type { Kernel, KernelMessage as Wire } from '@jupyterlab/services';
import { UUID } from '@lumino/coreutils';

import { isKernelMessage } from './chat/messages';
import type { IRequest, KernelMessage } from './chat/protocol';

/** The comm that the kernel's messages come on; nobody opens it. */
export const COMM_ID = 'mibyan-jupyter-panel';

const REQUEST = 'mibyan_request';
const PAGE = 'mibyan_page';

/** A request as a message on the kernel's control channel. */
export function requestMessage(
  kernel: Kernel.IKernelConnection,
  request: IRequest
): Wire.IControlMessage {
  return { channel: 'control', ...envelope<Wire.ControlMessageType>(kernel, REQUEST), content: { ...request } };
}

/** How a notebook stands: on the control channel, which answers while a cell runs. */
export function pageMessage(kernel: Kernel.IKernelConnection, page: object): Wire.IControlMessage {
  return { channel: 'control', ...envelope<Wire.ControlMessageType>(kernel, PAGE), content: { ...page } };
}

/** The same in the queue of the cells, so that it comes before the one that runs next. */
export function queuedPageMessage(
  kernel: Kernel.IKernelConnection,
  page: object
): Wire.IShellMessage {
  return { channel: 'shell', ...envelope<Wire.ShellMessageType>(kernel, PAGE), content: { ...page } };
}

function envelope<T extends Wire.MessageType>(kernel: Kernel.IKernelConnection, type: string) {
  const header: Wire.IHeader<T> = {
    date: new Date().toISOString(),
    msg_id: UUID.uuid4(),
    // JupyterLab's type names the messages of the standard; a kernel may know more.
    msg_type: type as T,
    session: kernel.clientId,
    username: kernel.username,
    version: '5.2'
  };
  return { header, parent_header: {}, metadata: {} };
}

/** The messages in a reply's content; what is not one of ours is left out. */
export function messagesOf(content: unknown): KernelMessage[] {
  if (typeof content !== 'object' || content === null || !('messages' in content)) {
    return [];
  }
  return Array.isArray(content.messages) ? content.messages.filter(isKernelMessage) : [];
}

/** Whether a message tells that a request is done. */
export function isIdle(message: Wire.IIOPubMessage): boolean {
  const { content } = message;
  return (
    message.header.msg_type === 'status' &&
    'execution_state' in content &&
    content.execution_state === 'idle'
  );
}

/** What a message on our comm says to all panels; null for any other message. */
export function saidIn(message: Wire.IIOPubMessage): KernelMessage | null {
  if (!isCommMessage(message) || message.content.comm_id !== COMM_ID) {
    return null;
  }
  const said: unknown = message.content.data;
  return isKernelMessage(said) ? said : null;
}

function isCommMessage(message: Wire.IIOPubMessage): message is Wire.ICommMsgMsg<'iopub'> {
  return message.header.msg_type === 'comm_msg';
}
