-- Only hashes of the secrets are kept.
CREATE TABLE login (
  id_hash bytea PRIMARY KEY CONSTRAINT login_hash_form CHECK (length(id_hash) = 32),
  username text NOT NULL,
  role text NOT NULL CONSTRAINT login_role_known CHECK (role IN ('administrator')),
  form_token text NOT NULL,
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3) NOT NULL
);

CREATE TABLE sign_in_link (
  hash bytea PRIMARY KEY CONSTRAINT sign_in_link_hash_form CHECK (length(hash) = 32),
  username text NOT NULL,
  role text NOT NULL CONSTRAINT sign_in_link_role_known CHECK (role IN ('administrator')),
  created_at timestamptz(3) NOT NULL DEFAULT now(),
  expires_at timestamptz(3) NOT NULL,
  used_at timestamptz(3)
);
