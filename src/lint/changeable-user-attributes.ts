/** The attributes of users that can change or be given to another person, in lower case without `_` and `-`. */
export const changeableUserAttributes: ReadonlySet<string> = new Set([
  "displayname",
  "email",
  "familyname",
  "fullname",
  "givenname",
  "login",
  "mail",
  "mailnickname",
  "name",
  "nickname",
  "phone",
  "phonenumber",
  "preferredusername",
  "upn",
  "username",
  "userprincipalname",
]);
