// Keeps "4 min ago" true while a page stays open. The same words as crates/web/src/ui/time.rs.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const OFTEN = 30_000;

/** How long ago, in words; dates older than thirty days stay as the server wrote them. */
export function words(seconds: number): string | undefined {
  if (seconds < 0) return undefined;
  if (seconds < MINUTE) return 'just now';
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min ago`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h ago`;
  if (seconds < 2 * DAY) return 'yesterday';
  if (seconds < 30 * DAY) return `${Math.floor(seconds / DAY)} days ago`;
  return undefined;
}

function update(): void {
  for (const time of document.querySelectorAll<HTMLTimeElement>('time[data-ago]')) {
    const text = words((Date.now() - Date.parse(time.dateTime)) / 1000);
    if (text && text !== time.textContent) time.textContent = text;
  }
}

/** Updates all times of the page twice a minute. */
export function keepTimes(): void {
  setInterval(() => document.hidden || update(), OFTEN);
  document.addEventListener('visibilitychange', () => document.hidden || update());
}
