// The page's own words in the acting person's language, as Slack's client
// follows its user's locale. Columns: English, 简体, 繁體.

const WORDS = {
  actAs: ['Act as', '当前身份', '目前身分'],
  channels: ['Channels', '频道', '頻道'],
  apps: ['Apps', '应用', '應用程式'],
  app: ['APP', '应用', '應用'],
  home: ['Home', '主页', '首頁'],
  messages: ['Messages', '消息', '訊息'],
  connected: ['connected', '已连接', '已連線'],
  disconnected: ['not connected', '未连接', '未連線'],
  menu: ['Open the list of channels', '打开频道列表', '開啟頻道清單'],
  close: ['Close', '关闭', '關閉'],
  closeAll: ['Close the whole dialog', '关闭整个窗口', '關閉整個視窗'],
  cancel: ['Cancel', '取消', '取消'],
  back: ['Back', '返回', '返回'],
  submitting: ['Submitting…', '正在提交…', '正在提交…'],
  ok: ['OK', '确定', '確定'],
  thread: ['Thread', '消息列', '討論串'],
  replies: ['{0} replies', '{0} 条回复', '{0} 則回覆'],
  reply1: ['1 reply', '1 条回复', '1 則回覆'],
  replyInThread: ['Reply in thread', '在消息列中回复', '在討論串中回覆'],
  replyTo: ['Reply…', '回复…', '回覆…'],
  messageTo: ['Message {0}', '发消息到 {0}', '傳送訊息到 {0}'],
  send: ['Send', '发送', '傳送'],
  edited: ['(edited)', '（已编辑）', '（已編輯）'],
  onlyYou: ['Only visible to you', '仅自己可见', '只有你可以看到'],
  newMark: ['New', '新消息', '新訊息'],
  toNewest: ['New messages', '有新消息', '有新訊息'],
  today: ['Today', '今天', '今天'],
  yesterday: ['Yesterday', '昨天', '昨天'],
  tomorrow: ['Tomorrow', '明天', '明天'],
  used: ['used {0}', '使用了 {0}', '使用了 {0}'],
  someone: ['Someone', '有人', '有人'],
  emptyChannel: ['Nothing has been said here yet.', '这里还没有消息。', '這裡還沒有訊息。'],
  emptyHome: ['The app has not published a home page yet.', '应用尚未发布主页。', '應用程式尚未發布首頁。'],
  loading: ['Loading…', '正在加载…', '載入中…'],
  noResults: ['No results', '没有结果', '沒有結果'],
  typeMore: ['Type at least {0} characters', '请至少输入 {0} 个字符', '請至少輸入 {0} 個字元'],
  maxChosen: ['You can choose up to {0}', '最多可选 {0} 项', '最多可選 {0} 項'],
  optional: ['(optional)', '（可选）', '（選填）'],
  clear: ['Clear', '清除', '清除'],
  remove: ['Remove {0}', '移除 {0}', '移除 {0}'],
  choose: ['Choose an option', '请选择', '請選擇'],
  moreActions: ['More actions', '更多操作', '更多操作'],
  required: ['Please complete this required field.', '请填写此必填字段。', '請填寫此必填欄位。'],
  tooLong: ['This field must be at most {0} characters.', '此字段最多 {0} 个字符。', '此欄位最多 {0} 個字元。'],
  tooShort: ['This field must be at least {0} characters.', '此字段至少 {0} 个字符。', '此欄位至少 {0} 個字元。'],
  notNumber: ['Please enter a number.', '请输入数字。', '請輸入數字。'],
  notWhole: ['Please enter a whole number.', '请输入整数。', '請輸入整數。'],
  atLeast: ['Must be {0} or more.', '不得小于 {0}。', '不得小於 {0}。'],
  atMost: ['Must be {0} or less.', '不得大于 {0}。', '不得大於 {0}。'],
  notEmail: ['Please enter an email address.', '请输入电子邮件地址。', '請輸入電子郵件地址。'],
  notURL: ['Please enter a link that starts with http:// or https://.', '请输入以 http:// 或 https:// 开头的链接。', '請輸入以 http:// 或 https:// 開頭的連結。'],
  chooseFiles: ['Choose files', '选择文件', '選擇檔案'],
  attach: ['Attach a file', '添加文件', '附加檔案'],
  download: ['Download {0}', '下载 {0}', '下載 {0}'],
  fileDeleted: ['This file was deleted.', '此文件已删除。', '此檔案已刪除。'],
  fileTooLarge: ['{0} is larger than 10 MB.', '{0} 超过 10 MB。', '{0} 超過 10 MB。'],
  unsupported: ['Unsupported block: {0}', '不支持的内容块：{0}', '不支援的內容區塊：{0}'],
  trouble: ['We had some trouble connecting. Try again?', '连接时出现问题。要重试吗？', '連線時發生問題。要重試嗎？'],
  lost: ['Connection lost. Reconnecting…', '连接已断开，正在重连…', '連線已中斷，正在重新連線…'],
  notInThreads: ['{0} is not supported in threads. Sorry!', '{0} 不能在消息列中使用。', '{0} 不能在討論串中使用。'],
  clock: ['Workspace time', '工作区时间', '工作區時間'],
  moveClock: ['Move the clock', '调整时间', '調整時間'],
  plusHour: ['+1 hour', '+1 小时', '+1 小時'],
  plusDay: ['+1 day', '+1 天', '+1 天'],
  plusWeek: ['+1 week', '+1 周', '+1 週'],
  next: ['Next: {0}', '跳到：{0}', '跳到：{0}'],
  reset: ['Reset', '复位', '重設'],
  commandHelp: ['Commands', '命令', '指令'],
  people: ['People', '成员', '成員'],
  notice: ['Notice', '提示', '提示'],
};

let column = 0;
let tag = 'en-US';

/** setLocale chooses the language of the page from a Slack locale such as zh-CN. */
export function setLocale(locale) {
  tag = locale || 'en-US';
  column = /^zh-(TW|HK|Hant)/i.test(tag) ? 2 : /^zh/i.test(tag) ? 1 : 0;
  document.documentElement.lang = tag;
}

/** locale is the tag for Intl formatting. */
export const locale = () => tag;

/** t is the word for key, its {0} filled in. */
export function t(key, ...args) {
  return WORDS[key][column].replace(/\{(\d)\}/g, (_, i) => args[i]);
}
