// Due dates. One is a day, or a time with its offset from UTC; the zone that it is meant in goes with it. Both are kept as they
// were written: a day stays that day wherever it is read.

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

// due gives the members of a task that is due then.
export function due(day, time) {
  if (!day) return { due_date: null };
  return { due_date: time ? `${day}T${time}:00${offset(new Date(`${day}T${time}`))}` : day, due_zone: zone };
}

// parts gives day and time of a task as they were written.
export const parts = ({ due_date }) => ({ day: due_date?.slice(0, 10) ?? "", time: due_date?.slice(11, 16) ?? "" });

// offset is how far a moment here is from UTC: +01:00.
function offset(moment) {
  const minutes = -moment.getTimezoneOffset();
  return `${minutes < 0 ? "-" : "+"}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.abs(minutes) % 60)}`;
}

const two = (number) => String(number).padStart(2, "0");

// words tells when a task is due, in the zone that it is due in, which is named if it is not ours.
export function words({ due_date, due_zone }) {
  const { day, time } = parts({ due_date });
  if (!time) return new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeZone: "UTC" }).format(new Date(day));
  const format = (timeZone) => new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short", timeZone }).format(new Date(due_date));
  if (!due_zone || due_zone === zone) return format(zone);
  try {
    return `${format(due_zone)} (${due_zone})`;
  } catch {
    return format(zone); // the browser does not know that zone
  }
}

// isOverdue reports whether its time, or the end of its day, has passed.
export function isOverdue({ due_date, completed }) {
  if (!due_date || completed) return false;
  return new Date(due_date.length > 10 ? due_date : `${due_date}T23:59:59.999`) < new Date();
}

// spans are what the filter offers, as the API takes it. In days, so that what is due on a day is found on that day everywhere;
// what is due at a time counts for its day in UTC.
export const spans = {
  before: () => ({ due_before: dayFromNow(0) }),
  today: () => ({ due_after: dayFromNow(0), due_before: dayFromNow(1) }),
  week: () => ({ due_after: dayFromNow(0), due_before: dayFromNow(7) }),
};

function dayFromNow(days) {
  const now = new Date();
  const then = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days);
  return `${then.getFullYear()}-${two(then.getMonth() + 1)}-${two(then.getDate())}`;
}
