-- Which pixels a person has looked at: digest over those of all instances of the finding. Where they change in the image
-- source, they are asked about again.
ALTER TABLE session_finding
  ADD COLUMN pixels bytea CONSTRAINT session_finding_pixels_form CHECK (length(pixels) = 32),
  ADD COLUMN seen_pixels bytea CONSTRAINT session_finding_seen_pixels_form CHECK (length(seen_pixels) = 32),
  ADD CONSTRAINT session_finding_pixels_of_pixel CHECK (kind = 'pixel' OR (pixels IS NULL AND seen_pixels IS NULL));
