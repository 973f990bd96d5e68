// Every word of the page in Chinese and English, and how values are written.

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Property, Words } from "./types";

export type Language = keyof Words;

const WORDS = {
  signIn: ["登录", "Sign in"],
  signInHint: [
    "每次读取都连同身份、目的和案件号记录在案。登录凭证只留在内存中，关闭或刷新页面即退出。",
    "Every read is recorded with who, for what and in which case. The token stays in memory: closing or reloading the page signs you out.",
  ],
  signOut: ["退出", "Sign out"],
  purpose: ["目的", "Purpose"],
  caseNumber: ["案件号", "Case"],
  caseHint: ["未填案件号：个人信息已掩码", "No case: personal values are masked"],
  caseSet: ["已填案件号，读取计入该案", "Reads count for this case"],
  areas: ["辖区", "Areas"],
  everywhere: ["全部", "everywhere"],
  search: ["查找", "Search"],
  searchHint: ["姓名、拼音、号码、企业…", "Name, pinyin, number, firm…"],
  results: ["结果", "Results"],
  noResults: ["没有找到", "Nothing found"],
  shownOf: ["显示 {shown} / {total}", "{shown} of {total} shown"],
  findings: ["发现", "Findings"],
  allKinds: ["全部种类", "All kinds"],
  noFindings: ["尚无发现", "No findings yet"],
  more: ["更多", "More"],
  score: ["风险", "Risk"],
  close: ["关闭", "Close"],
  back: ["返回", "Back"],
  draw: ["画入图中", "Draw"],
  hide: ["隐藏", "Hide"],
  undo: ["撤销", "Undo"],
  redo: ["重做", "Redo"],
  arrange: ["重新布局", "Arrange"],
  fit: ["全图", "Fit"],
  clear: ["清空", "Clear"],
  picture: ["导出图片", "Picture"],
  csv: ["导出表格", "CSV"],
  pathFrom: ["以此为起点", "Path from here"],
  pathTo: ["到此为终点", "Path to here"],
  pathChosen: ["起点：{name}。再选终点。", "From {name}. Now choose the other end."],
  path: ["最短路径", "Shortest path"],
  pathLength: ["共 {n} 步", "{n} steps"],
  noPath: ["8 步之内没有相连的路径", "No chain within 8 steps"],
  properties: ["属性", "Properties"],
  neighbours: ["周边", "Neighbours"],
  out: ["出", "out"],
  in: ["入", "in"],
  expand: ["展开", "Expand"],
  memberOf: ["所在发现", "Member of"],
  why: ["理由", "Why"],
  contribution: ["占比", "share"],
  who: ["成员", "Who"],
  doubts: ["存疑之处", "What to doubt"],
  evidence: ["证据与出处", "Evidence and source records"],
  evidenceDrawn: ["图中为前 {shown} 条，共 {total} 条", "The first {shown} of {total} are drawn"],
  showRecords: ["查看原始记录", "Source records"],
  source: ["来源", "Source"],
  record: ["原始记录", "Record"],
  row: ["第 {row} 行", "row {row}"],
  sumOfRows: ["多行汇总", "sum of many rows"],
  masked: ["已掩码", "masked"],
  redacted: ["辖区外", "outside your areas"],
  partly: ["部分在辖区外", "partly outside"],
  redactedTold: [
    "位于您的辖区之外，只显示种类。可在案件中申请临时查看。",
    "It lies outside your areas; only its kind is shown. It can be asked for in a case.",
  ],
  findingCut: [
    "辖区外的成员、证据和理由未显示。",
    "Members, evidence and reasons outside your areas are left out.",
  ],
  askOpening: ["申请查看", "Request opening"],
  reason: ["事由", "Reason"],
  send: ["提交", "Send"],
  asked: ["已提交，由其辖区决定", "Sent; who answers for its area decides"],
  needCase: ["请先填写案件号", "Name a case first"],
  empty: ["搜索，或从左侧选择一项发现", "Search, or pick a finding on the left"],
  graph: ["关系图", "Graph"],
  graphTold: [
    "关系图：{nodes} 个实体，{facts} 条事实；下表内容相同",
    "Graph of {nodes} entities and {facts} facts; the table below holds the same",
  ],
  table: ["表格", "Table"],
  entities: ["实体", "Entities"],
  facts: ["事实", "Facts"],
  kind: ["种类", "Kind"],
  name: ["名称", "Name"],
  role: ["角色", "Role"],
  from: ["从", "From"],
  to: ["到", "To"],
  details: ["详情", "Details"],
  nothingDrawn: ["图中还没有内容", "Nothing is drawn yet"],
  working_search: ["正在查找…", "Searching…"],
  working_open: ["正在读取…", "Reading…"],
  working_expand: ["正在展开…", "Expanding…"],
  working_path: ["正在查找路径…", "Looking for a chain…"],
  working_csv: ["正在导出…", "Exporting…"],
  working_send: ["正在提交…", "Sending…"],
  working_arrange: ["正在布局…", "Arranging…"],
  foundBy: ["{time} · 模型 {model}", "{time} · model {model}"],
  page: ["第 {n} / {of} 页", "Page {n} of {of}"],
  next: ["下一页", "Next"],
  previous: ["上一页", "Previous"],
  open: ["打开", "Open"],
  UNREACHABLE: ["服务没有应答，请稍后再试", "The service does not answer; try again in a moment"],
  UNAUTHENTICATED: ["登录已失效，请重新登录", "You are no longer signed in"],
  SIGN_IN: ["登录没有成功", "Signing in did not succeed"],
  FORBIDDEN: ["您的角色或辖区不允许这样做", "Your role or area does not allow this"],
  CASE_REQUIRED: ["须先填写您经办的案件号", "Name a case of yours first"],
  NOT_FOUND: ["没有找到", "There is no such thing"],
  BAD_INPUT: ["填写有误", "Something given is not right"],
  LIMIT_EXCEEDED: ["一次要求过多", "That is too much at once"],
  STORE_UNAVAILABLE: ["数据库暂时没有应答", "The store does not answer"],
  INTERNAL: ["服务出错", "The service failed"],
} as const satisfies Record<string, readonly [string, string]>;

export type Key = keyof typeof WORDS;

export interface Speech {
  language: Language;
  /** A word of the page, with its blanks filled. */
  say: (key: Key, values?: Record<string, string | number>) => string;
  /** Words that the service said in both languages. */
  pick: (words: Words) => string;
}

export function speech(language: Language): Speech {
  const at = language === "zh" ? 0 : 1;
  const say: Speech["say"] = (key, values = {}) =>
    WORDS[key][at].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ""));
  return { language, say, pick: (words) => words[language] };
}

export const Spoken = createContext<Speech>(speech("zh"));
export const useWords = () => useContext(Spoken);

export function isKey(code: string): code is Key {
  return code in WORDS;
}

/** A value as people write it: yuan, a time in China, a number with its unit. */
export function written(property: Property, language: Language): string {
  const { value, type, unit } = property;
  if (value === null) return "–";
  if (type === "money" && typeof value === "number") return `¥${number(value / 100, 2)}`;
  if (type === "time") return moment(String(value));
  if (typeof value === "boolean") return value ? (language === "zh" ? "是" : "yes") : language === "zh" ? "否" : "no";
  if (typeof value === "number" && (type === "float" || unit)) return number(value, 0, 2) + (unit ? ` ${unit}` : "");
  return String(value);
}

/** `2016-09-15 08:00`, as the clocks in China showed it. */
export function moment(text: string): string {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) return text;
  return time.toLocaleString("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "short" });
}

export function number(value: number, least = 0, most = least): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: least, maximumFractionDigits: most });
}

export const risk = (value: number) => value.toFixed(2);
