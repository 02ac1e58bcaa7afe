package org.centerloss.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * How a camera was held: the mark, 1 to 8, that says how a picture is to be turned and mirrored
 * until it stands upright (see {@link Picture#upright}). It is tag 274 of the first directory of
 * EXIF, which JPEG keeps in an APP1 segment, PNG in the chunk eXIf, WebP in the chunk EXIF; a TIFF
 * file is such a directory itself. Sources: TIFF 6.0; EXIF 2.32.
 *
 * <p>Nothing else is read, and nothing is believed: a mark that is missing, cut off or damaged
 * counts as 1, so that it does not cost a good picture.
 */
final class Orientation {
    /** The picture is as it is to be seen. */
    static final int UPRIGHT = 1;

    private static final int TAG = 274;
    private static final byte[] EXIF_HEADER = ascii("Exif\0\0");
    private static final byte[] JPEG = {(byte) 0xff, (byte) 0xd8};
    private static final byte[] PNG = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final int APP1 = 0xe1;
    private static final int START_OF_SCAN = 0xda;

    private Orientation() {}

    /** The mark of an image file with this content. */
    static int of(byte[] content) {
        ByteBuffer file = ByteBuffer.wrap(content);
        try {
            ByteBuffer exif = exif(file);
            int mark = exif == null ? UPRIGHT : TiffDirectory.first(exif).number(TAG, UPRIGHT);
            return mark >= 1 && mark <= 8 ? mark : UPRIGHT;
        } catch (IndexOutOfBoundsException e) {
            // A length or an offset leads out of the file.
            return UPRIGHT;
        }
    }

    /** What is laid out like a TIFF file: EXIF, or the file itself; null where there is none. */
    private static ByteBuffer exif(ByteBuffer file) {
        if (startsWith(file, 0, ascii("II*\0")) || startsWith(file, 0, ascii("MM\0*"))) {
            return file;
        }
        if (startsWith(file, 0, JPEG)) {
            return inJpeg(file);
        }
        if (startsWith(file, 0, PNG)) {
            return inPng(file);
        }
        boolean webp = startsWith(file, 0, ascii("RIFF")) && startsWith(file, 8, ascii("WEBP"));
        return webp ? inWebp(file) : null;
    }

    private static ByteBuffer inJpeg(ByteBuffer file) {
        int at = JPEG.length;
        while ((file.get(at) & 0xff) == 0xff) {
            int marker = file.get(at + 1) & 0xff;
            if (marker == 0xff) {
                // Any number of these may stand before a marker.
                at++;
                continue;
            }
            if (marker == START_OF_SCAN) {
                return null;
            }
            int length = file.getShort(at + 2) & 0xffff;
            if (marker == APP1 && startsWith(file, at + 4, EXIF_HEADER)) {
                return file.slice(at + 4 + EXIF_HEADER.length, length - 2 - EXIF_HEADER.length);
            }
            at += 2 + length;
        }
        return null;
    }

    private static ByteBuffer inPng(ByteBuffer file) {
        int at = PNG.length;
        while (!startsWith(file, at + 4, ascii("eXIf"))) {
            // Length, type, data, checksum.
            at = next(at, 12, file.getInt(at));
        }
        return file.slice(at + 8, file.getInt(at));
    }

    private static ByteBuffer inWebp(ByteBuffer file) {
        file.order(ByteOrder.LITTLE_ENDIAN);
        int at = 12;
        while (!startsWith(file, at, ascii("EXIF"))) {
            // Type, length, data; every chunk starts at an even place.
            int length = file.getInt(at + 4);
            at = next(at, 8 + (length & 1), length);
        }
        int length = file.getInt(at + 4);
        // Some programs write JPEG's header before it.
        int header = startsWith(file, at + 8, EXIF_HEADER) ? EXIF_HEADER.length : 0;
        return file.slice(at + 8 + header, length - header);
    }

    private static int next(int at, int around, int length) {
        if (length < 0) {
            throw new IndexOutOfBoundsException(length);
        }
        return (int) Math.min(Integer.MAX_VALUE - 16, (long) at + around + length);
    }

    private static boolean startsWith(ByteBuffer file, int at, byte[] wanted) {
        return at <= file.limit() - wanted.length
                && file.slice(at, wanted.length).mismatch(ByteBuffer.wrap(wanted)) < 0;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
