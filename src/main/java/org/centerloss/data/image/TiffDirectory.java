package org.centerloss.data.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A directory of tags, as TIFF files have it, and EXIF and most cameras' raw files too. Only tags
 * that hold whole numbers are read, each on its own. Every method throws {@link
 * IndexOutOfBoundsException} where a length or an offset leads out of the file. Source: TIFF 6.0.
 *
 * @param file what offsets count in
 * @param start where the directory begins
 */
record TiffDirectory(ByteBuffer file, int start) {
    private static final int ENTRY_BYTES = 12;

    /** More values of one tag than are of use here. */
    private static final int MAX_VALUES = 16;

    /** The first directory of a file that begins with II or MM. */
    static TiffDirectory first(ByteBuffer file) {
        file.order(file.get(0) == 'I' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        return new TiffDirectory(file, file.getInt(4));
    }

    /** The directory there. */
    TiffDirectory at(int offset) {
        return new TiffDirectory(file, offset);
    }

    /** The first value of a tag, or another number where the directory lacks it. */
    int number(int tag, int otherwise) {
        int[] numbers = numbers(tag);
        return numbers.length == 0 ? otherwise : numbers[0];
    }

    /** The values of a tag, none where the directory lacks it. */
    int[] numbers(int tag) {
        int entries = file.getShort(start) & 0xffff;
        for (int i = 0; i < entries; i++) {
            int entry = start + 2 + i * ENTRY_BYTES;
            if ((file.getShort(entry) & 0xffff) == tag) {
                return values(entry);
            }
        }
        return new int[0];
    }

    private int[] values(int entry) {
        int type = file.getShort(entry + 2);
        int bytes =
                switch (type) {
                    case 1 -> 1;
                    case 3 -> 2;
                    // LONG, and IFD of TIFF's supplement 1.
                    case 4, 13 -> 4;
                    default -> 0;
                };
        int count = bytes == 0 ? 0 : Math.max(0, Math.min(MAX_VALUES, file.getInt(entry + 4)));
        // What fits into four bytes stands in the entry itself.
        int from = count * bytes <= 4 ? entry + 8 : file.getInt(entry + 8);
        int[] values = new int[count];
        for (int i = 0; i < count; i++) {
            int at = from + i * bytes;
            values[i] =
                    switch (bytes) {
                        case 1 -> file.get(at) & 0xff;
                        case 2 -> file.getShort(at) & 0xffff;
                        default -> file.getInt(at);
                    };
        }
        return values;
    }
}
