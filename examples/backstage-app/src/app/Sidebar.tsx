import {
  Sidebar as BackstageSidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarItem,
  SidebarScrollWrapper,
  SidebarSpace,
} from "@backstage/core-components"
import { useTranslationRef } from "@backstage/frontend-plugin-api"
import { RiFolder3Line, RiLogoutBoxRLine, RiMoneyDollarCircleLine, RiSettings3Line } from "@remixicon/react"
import { signOut } from "./SignIn.tsx"
import { portalTranslationRef } from "./words.ts"

const BillingIcon = () => <RiMoneyDollarCircleLine aria-hidden />
const CatalogIcon = () => <RiFolder3Line aria-hidden />
const SettingsIcon = () => <RiSettings3Line aria-hidden />
const LeaveIcon = () => <RiLogoutBoxRLine aria-hidden />

export const Sidebar = () => {
  const { t } = useTranslationRef(portalTranslationRef)
  return (
    <BackstageSidebar>
      <SidebarGroup label="Menu">
        <SidebarScrollWrapper>
          <SidebarItem icon={BillingIcon} to="hpc-billing" text={t("nav.billing")} />
          <SidebarItem icon={CatalogIcon} to="catalog" text={t("nav.catalog")} />
        </SidebarScrollWrapper>
      </SidebarGroup>
      <SidebarSpace />
      <SidebarDivider />
      <SidebarItem icon={SettingsIcon} to="settings" text={t("nav.settings")} />
      <SidebarItem icon={LeaveIcon} onClick={signOut} text={t("nav.signOut")} />
    </BackstageSidebar>
  )
}
