/**
 * What a panel and the kernel say to each other; the kernel's side is `mibyan_jupyter/chat/`.
 *
 * Requests go to the kernel, each with an id of its own; a request that arrives twice does no harm.
 * State messages tell every view of a session what has changed, numbered by `seq` within one `run`
 * of the kernel's side; a view that misses one asks for a snapshot. Replies (`re`) answer one
 * request: they may come back directly or among the state messages, to every view.
 */

export type TurnStatus = 'waiting' | 'running' | 'complete' | 'stopped' | 'cut_off' | 'failed';
export type ContextMode = 'auto' | 'none' | 'mentioned' | 'all';

/** The cell that a question was asked in. */
export interface ICellRef {
  id: string;
  /** The notebook's path, as the kernel knows it; may be empty. */
  notebook: string;
}

/** Why something failed: the error's class, and the kernel's own two lines in English. */
export interface IFault {
  code: string;
  what: string;
  hint: string;
}

/** One question with its answer, as a view shows it. All HTML is made safe by the kernel. */
export interface IChatTurn {
  id: string;
  prompt: string;
  status: TurnStatus;
  source: 'cell' | 'panel' | 'python';
  cell: ICellRef | null;
  /** While waiting: how many turns are answered before it. */
  behind: number;
  /** The server refused for now, and is asked again so many seconds after this came. */
  retrying: { seconds: number; why: string } | null;
  /** It starts a new conversation: nothing before it is sent along. */
  starts_new: boolean;
  /** Later questions do not send it along. */
  kept_out: boolean;
  model: string;
  /** Blocks of HTML that do not change any more, in order. */
  blocks: string[];
  /** HTML of the rest, which the next frame replaces; empty once the turn has ended. */
  tail: string;
  /** How many answers there are to this question, the shown one (the newest) included. */
  versions: number;
  finish_reason: string | null;
  fault: IFault | null;
  seconds: number | null;
  /** Tokens of the request and the answer; null before the end, and where there is no answer. */
  tokens: number | null;
  tokens_estimated: boolean;
  context_tokens: number;
  /** What could not be looked at, in short. */
  context_note: string;
  redactions: number;
  /** Earlier turns that did not fit into the request. */
  left_out: number;
  /** Whether `why` can tell what was sent. */
  was_sent: boolean;
  /** The answer's last block of Python is meant to replace this cell. */
  corrects: ICellRef | null;
}

/** One command of the kernel's registry, for `/` completion. */
export interface ICommandInfo {
  name: string;
  summary: string;
  usage: string;
}

/** What the head of the panel shows. */
export interface IHeader {
  model: string;
  /** Where text goes: host and port. */
  server: string;
  /** It goes no further than this machine. */
  local: boolean;
  key: 'set' | 'missing' | 'not_needed';
  /** Where the key comes from, in English; never the key. */
  key_origin: string;
  /** Tokens of all turns so far. */
  tokens: number;
  tokens_estimated: boolean;
  context: ContextMode;
  privacy: string;
  /** Context providers by name, and those that are switched off. */
  providers: string[];
  without: string[];
  version: string;
  /** Turns that `/resume` would bring back; 0 once something was asked or restored. */
  resumable: number;
  /** What keeps the conversation from being written to disk; empty while nothing does. */
  journal_trouble: string;
  commands: ICommandInfo[];
}

interface INumbered {
  run: string;
  seq: number;
}

/** The whole conversation; `seq` is that of the last change it holds. */
export interface ISnapshot extends INumbered {
  type: 'snapshot';
  re?: string;
  turns: IChatTurn[];
  header: IHeader;
}

/** A turn is new or has changed; `index` is its place. */
export interface ITurnChanged extends INumbered {
  type: 'turn';
  turn: IChatTurn;
  index: number;
}

/** A turn has left the conversation. */
export interface ITurnRemoved extends INumbered {
  type: 'removed';
  id: string;
}

/** A running answer grew: `settled` blocks follow the first `from` ones, `tail` replaces the tail. */
export interface IFrame extends INumbered {
  type: 'frame';
  id: string;
  from: number;
  settled: string[];
  tail: string;
}

export interface IHeaderChanged extends INumbered {
  type: 'header';
  header: IHeader;
}

export type StateMessage = ISnapshot | ITurnChanged | ITurnRemoved | IFrame | IHeaderChanged;

/** Why a request sent what it sent. */
export interface IReceipt {
  type: 'receipt';
  re: string;
  messages: { role: string; content: string }[];
  items: { source: string; tokens: number; included: 'whole' | 'partial' | 'left out'; why: string }[];
  redactions: Record<string, number>;
  notes: string[];
  level: string;
}

export interface ICompletions {
  type: 'completions';
  re: string;
  variables: { name: string; type: string }[];
  cells: { number: number; first_line: string }[];
  /** Whether there is an error or a figure to mention. */
  error: boolean;
  figure: boolean;
}

/** All questions and answers so far, as a notebook keeps them. */
export interface ITranscript {
  type: 'transcript';
  re: string;
  html: string;
  text: string;
}

export type Reply =
  | { type: 'done'; re: string }
  | ({ type: 'error'; re: string } & IFault)
  /** Plain text, perhaps several lines. */
  | { type: 'notice'; re: string; text: string }
  | { type: 'table'; re: string; title: string; columns: string[]; rows: string[][] }
  /** A key has to be typed in a cell, never in the panel. */
  | { type: 'login'; re: string }
  | { type: 'version'; re: string; turn: string; number: number; blocks: string[] }
  | { type: 'markdown'; re: string; text: string }
  | IReceipt
  | ICompletions
  | ITranscript;

export type KernelMessage = StateMessage | Reply;

/** How much of the notebook goes along with one question; absent: as the session is set. */
interface IAsking {
  prompt: string;
  context?: ContextMode;
  without?: string[];
}

/** Every operation with its arguments. */
export interface IOperations {
  /** → snapshot */
  snapshot: Record<string, never>;
  /** → done, or error */
  ask: IAsking;
  /** End the running answer or take a waiting question out of the queue. → done */
  stop: { turn: string };
  /** Ask again; the answer becomes the newest version. → done, or error */
  regenerate: { turn: string };
  /** Have a partial answer carried on, bounded as its question was. → done, or error */
  carry_on: { turn: string; prompt: string };
  /** Forget this turn and all after it, and ask `prompt` in its place. → done, or error */
  edit: { turn: string; prompt: string };
  /** → done */
  delete: { turn: string };
  /** One of a turn's answers, 1 the oldest. → version */
  version: { turn: string; number: number };
  /** The turn's question and answer as Markdown. → markdown */
  markdown: { turn: string };
  /** → receipt */
  why: { turn: string };
  /** What asking this now would send. → receipt */
  preview: IAsking;
  /** A command as typed behind `/`. → notice, table, login, done (it asks), or error */
  command: { line: string };
  /** → completions */
  complete: Record<string, never>;
  /** → done, or error */
  set: { context?: ContextMode; model?: string };
  /** Whether what one provider knows may go along. → done */
  switch: { provider: string; on: boolean };
  /** Propose a cell where the front end cannot insert one. → done, or error */
  next_cell: { source: string };
  /** → transcript */
  transcript: Record<string, never>;
}

export type Operation = keyof IOperations;

export interface IRequest<Op extends Operation = Operation> {
  id: string;
  op: Op;
  args: IOperations[Op];
}
