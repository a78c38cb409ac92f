import "@backstage/ui/css/styles.css"
import "@fontsource/inter/400.css"
import "@fontsource/inter/600.css"
import "@fontsource/noto-sans-thai-looped/400.css"
import "@fontsource/noto-sans-thai-looped/600.css"
import "./app.css"
import { createRoot } from "react-dom/client"
import { app } from "./App.tsx"

const root = document.getElementById("root")
if (root === null) throw new Error("index.html has no #root.")
createRoot(root).render(app.createRoot())
