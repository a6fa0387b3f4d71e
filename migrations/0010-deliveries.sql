-- A set can be sent again as a whole: each delivery has its receipt.
ALTER TABLE export_session
  ADD COLUMN delivery integer NOT NULL DEFAULT 1
  CONSTRAINT export_session_delivery_counts CHECK (delivery >= 1);

ALTER TABLE delivery_receipt
  ADD COLUMN delivery integer NOT NULL DEFAULT 1
  CONSTRAINT delivery_receipt_delivery_counts CHECK (delivery >= 1);
ALTER TABLE delivery_receipt DROP CONSTRAINT delivery_receipt_pkey;
ALTER TABLE delivery_receipt ADD PRIMARY KEY (session_id, delivery);
