import type { User } from "./Users.ts"

const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)

const page = (title: string, body: string): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 28rem; margin: 4rem auto; padding: 0 1rem; color: #1c2024; background: #fff }
label { display: block; margin-top: 1rem } input { font: inherit; width: 100%; box-sizing: border-box; padding: .5rem; border: 1px solid #60646c; border-radius: 4px }
button { font: inherit; margin-top: 1.5rem; padding: .5rem 1.5rem; border: 0; border-radius: 4px; background: #0b57d0; color: #fff }
.wrong { color: #b3261e } a { color: #0b57d0 }
</style>
</head>
<body><main><h1>${title}</h1>${body}</main></body>
</html>
`

export const signInPage = (refusal: string | null): string =>
  page(
    "HPC billing",
    `${refusal === null ? "" : `<p class="wrong" role="alert">${escaped(refusal)}</p>`}
<form method="post" action="sign-in">
<label for="name">Name <span lang="th">ชื่อผู้ใช้</span></label><input id="name" name="name" autocomplete="username" required autofocus>
<label for="password">Password <span lang="th">รหัสผ่าน</span></label><input id="password" name="password" type="password" autocomplete="current-password" required>
<button>Sign in <span lang="th">เข้าสู่ระบบ</span></button>
</form>`,
  )

export const homePage = (user: User): string =>
  page(
    "HPC billing",
    `<p>Signed in as <strong>${escaped(user.displayName)}</strong> (${user.roles.map(escaped).join(", ")}).</p>
<ul><li><a href="docs">Try the API</a></li><li><a href="v1/me">What you may do</a></li><li><a href="v1/tenants">Whose books you may read</a></li></ul>
<form method="post" action="sign-out"><button>Sign out <span lang="th">ออกจากระบบ</span></button></form>`,
  )

/** The pages load nothing, run nothing, and are framed by nobody. */
export const pageHeaders = {
  "content-type": "text/html; charset=utf-8",
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
} as const
