/** A file that tools of the system keep for all packages: that a scriptlet changes it is their usual work. */
export interface Registry {
  paths: RegExp;
  keptBy: string;
  /** True where it matters whether it was replaced or written in place: it is no cache that can be made again. */
  precious?: boolean;
}

/** Paths, and who keeps them. What users and groups they bring is told as such. */
const REGISTRIES: readonly Registry[] = [
  { paths: /^\/etc\/(?:passwd|group|shadow|gshadow|subuid|subgid)$/, keptBy: 'useradd', precious: true },
  { paths: /^\/etc\/(?:(?:passwd|group|shadow|gshadow|subuid|subgid)-|\.pwd\.lock)$/, keptBy: 'useradd' },
  { paths: /^\/etc\/ld\.so\.cache$/, keptBy: 'ldconfig' },
  { paths: /^\/var\/cache\/ldconfig(?:\/|$)/, keptBy: 'ldconfig' },
  { paths: /^\/etc\/shells$/, keptBy: 'add-shell', precious: true },
  { paths: /^\/usr\/share\/info\/dir$/, keptBy: 'install-info' },
  { paths: /^\/usr\/share\/mime\//, keptBy: 'update-mime-database' },
  { paths: /^\/usr\/share\/applications\/mimeinfo\.cache$/, keptBy: 'update-desktop-database' },
  { paths: /^\/usr\/share\/icons\/[^/]+\/icon-theme\.cache$/, keptBy: 'gtk-update-icon-cache' },
  { paths: /^\/usr\/share\/glib-2\.0\/schemas\/gschemas\.compiled$/, keptBy: 'glib-compile-schemas' },
  { paths: /^\/(?:etc|usr\/lib)\/udev\/hwdb\.bin$/, keptBy: 'systemd-hwdb' },
  { paths: /^\/(?:usr\/)?lib\/modules\/[^/]+\/modules\.[^/]+$/, keptBy: 'depmod' },
  { paths: /^\/etc\/ssl\/certs\/ca-certificates\.crt$/, keptBy: 'update-ca-certificates' },
  { paths: /^\/var\/cache\/man\//, keptBy: 'mandb' },
  { paths: /^\/var\/lib\/(?:dpkg|ucf|pam|alternatives|systemd\/(?:catalog|deb-))/, keptBy: 'package tools' },
  { paths: /^\/var\/cache\/debconf\//, keptBy: 'debconf' },
];

/** The registry that a path belongs to. */
export function registryOf(path: string): Registry | undefined {
  return REGISTRIES.find(({ paths }) => paths.test(path));
}
