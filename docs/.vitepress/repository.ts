/** Address of the repository, which the site links to for files outside docs/. */
export const REPOSITORY = "https://github.com/ftp-operator/ftp-operator";
