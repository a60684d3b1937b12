/** What the rest of the extension uses of the panel. */

export { decorateCode } from './codeBlocks';
export type { ICodeOptions, ICodeTools } from './codeBlocks';
export type {
  IChatHost,
  INotebookCells,
  IPreferences,
  ITransport,
  IWords
} from './host';
export { isKernelMessage } from './messages';
export { mountChat } from './mountChat';
export type { IChat } from './mountChat';
export { plainHost } from './plainHost';
export type { ICellRef, IHeader, IRequest, KernelMessage } from './protocol';
export { englishWords } from './words';
