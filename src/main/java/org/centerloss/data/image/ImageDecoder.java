package org.centerloss.data.image;

import java.awt.color.ColorSpace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import org.centerloss.base.ImageLibrary;
import org.centerloss.base.InputException;
import org.centerloss.base.JavaMemory;

/**
 * Decodes an image file: PNG, JPEG, GIF, BMP, TIFF and WBMP by the Java platform's own readers, and
 * by TwelveMonkeys' what these cannot read: WebP, JPEG in CMYK, rarer kinds of TIFF. Which one is
 * known by the content, not by the name. Of several pictures in a file it is the first.
 *
 * <p>A camera's mark of how it was held is applied (see {@link Orientation}), a color profile too;
 * see {@link ImagePixels} for the pixels.
 */
public final class ImageDecoder {
    private static final long MAX_FILE_BYTES = 1L << 28;
    private static final long MAX_PIXELS = 100_000_000;

    /** JPEG and GIF have no longer ones. */
    private static final int MAX_SIDE = 65_535;

    /** From here on it matters whether the memory will do. */
    private static final long MANY_PIXELS = 10_000_000;

    private static final String FORMATS = "PNG, JPEG, GIF, BMP, TIFF, WebP";

    /** The endings of names of images that can be read. */
    public static final Set<String> ENDINGS =
            new TreeSet<>(
                    Set.of(
                            "bmp", "gif", "jfif", "jpe", "jpeg", "jpg", "png", "tif", "tiff",
                            "wbmp", "webp"));

    private static final int RIFF = 0x46464952;
    private static final int WEBP = 0x50424557;

    private ImageDecoder() {}

    /**
     * Decodes a file.
     *
     * @param background what shows through where the image is transparent
     * @throws InputException where it cannot be read, is damaged, or of a kind that is not
     *     supported
     */
    public static Picture decode(Path file, Background background) {
        return decode(file, content(file), background);
    }

    /**
     * The bytes of an image file.
     *
     * @throws InputException where it cannot be read, is empty or too large
     */
    static byte[] content(Path file) {
        try {
            long size = Files.size(file);
            if (size == 0) {
                throw new InputException(file + ": empty file: expected an image");
            }
            if (size > MAX_FILE_BYTES) {
                throw new InputException(
                        "%s: expected an image of at most %d bytes, found %d"
                                .formatted(file, MAX_FILE_BYTES, size));
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + InputException.reason(e), e);
        }
    }

    /**
     * Decodes what {@link #content} returned.
     *
     * @throws InputException where it is damaged, or of a kind that is not supported
     */
    public static Picture decode(Path file, byte[] content, Background background) {
        try {
            return read(file, content, background).upright(Orientation.of(content));
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + InputException.reason(e), e);
        }
    }

    private static Picture read(Path file, byte[] content, Background background)
            throws IOException {
        OtherFormat other = OtherFormat.of(content);
        if (other != null) {
            throw new InputException(
                    "%s: %s, which is not read: %s".formatted(file, other.label(), other.advice()));
        }
        requireWholeWebp(file, content);
        List<ImageReader> readers = readers(content);
        try {
            for (int i = 0; i < readers.size(); i++) {
                boolean last = i == readers.size() - 1;
                Picture picture = read(file, content, readers.get(i), last, background);
                if (picture != null) {
                    return picture;
                }
            }
        } finally {
            readers.forEach(ImageReader::dispose);
        }
        throw new InputException(
                "%s: not an image of a supported format (%s)".formatted(file, FORMATS));
    }

    /** Refuses a WebP file that was cut off, which its reader may fill with black. */
    private static void requireWholeWebp(Path file, byte[] content) {
        ByteBuffer bytes = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        if (content.length >= 12 && bytes.getInt(0) == RIFF && bytes.getInt(8) == WEBP) {
            long expected = 8 + Integer.toUnsignedLong(bytes.getInt(4));
            if (content.length < expected) {
                throw new InputException(
                        "%s: damaged image: ends too early: expected %d bytes, found %d"
                                .formatted(file, expected, content.length));
            }
        }
    }

    /** The readers of this content, the platform's own before others. */
    private static List<ImageReader> readers(byte[] content) throws IOException {
        List<ImageReader> readers = new ArrayList<>();
        try (ImageInputStream in = new ImageContentStream(content)) {
            ImageLibrary.readers(in).forEachRemaining(readers::add);
        }
        Module platform = ImageReader.class.getModule();
        readers.sort(Comparator.comparing(r -> r.getClass().getModule() != platform));
        return readers;
    }

    /**
     * Decodes with a reader.
     *
     * @param last whether no other reader is left
     * @return null where there is another and this one does not know the kind of compression, or
     *     gives ink rather than light
     */
    private static Picture read(
            Path file, byte[] content, ImageReader reader, boolean last, Background background) {
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        Picture picture;
        try (ImageInputStream in = new ImageContentStream(content)) {
            reader.setInput(in, true, true);
            requireSize(file, reader, content.length);
            if (!last && !givesLight(reader)) {
                return null;
            }
            picture = ImagePixels.toPicture(file, reader.read(0), background);
        } catch (InputException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throwIfOutOfMemory(e);
            // Decoders answer damaged input with exceptions of many kinds.
            String reason = InputException.reason(e);
            if (!reason.toLowerCase(Locale.ROOT).contains("support")) {
                throw new InputException(file + ": damaged image: " + reason, e);
            }
            if (!last) {
                return null;
            }
            throw new InputException(file + ": a kind that is not supported: " + reason, e);
        }
        // The JPEG decoder fills what is missing with gray and only warns.
        for (String warning : warnings) {
            String lower = warning.toLowerCase(Locale.ROOT);
            if (lower.contains("premature end") || lower.contains("bad huffman code")) {
                throw new InputException(file + ": damaged image: " + warning);
            }
        }
        return picture;
    }

    /** Some decoders take too little memory for a damage of the file. */
    private static void throwIfOutOfMemory(Exception e) {
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof OutOfMemoryError error) {
                throw error;
            }
        }
    }

    /** Refuses what is too large by its header, before memory is taken for the pixels. */
    private static void requireSize(Path file, ImageReader reader, int fileBytes)
            throws IOException {
        int height = reader.getHeight(0);
        int width = reader.getWidth(0);
        long pixels = (long) height * width;
        if (pixels > MAX_PIXELS || Math.max(height, width) > MAX_SIDE) {
            throw new InputException(
                    "%s: expected at most %d pixels, and %d along a side, found %d × %d"
                            .formatted(file, MAX_PIXELS, MAX_SIDE, height, width));
        }
        if (pixels > MANY_PIXELS) {
            ImageTypeSpecifier type = reader.getRawImageType(0);
            int bits = type == null ? Byte.SIZE : type.getColorModel().getPixelSize();
            JavaMemory.require(
                    "%s: an image of %d × %d pixels".formatted(file, height, width),
                    fileBytes + pixels * bits / Byte.SIZE + pixels);
        }
    }

    /** Whether a reader gives RGB or gray, not CMYK alone. */
    private static boolean givesLight(ImageReader reader) throws IOException {
        Iterator<ImageTypeSpecifier> types = reader.getImageTypes(0);
        while (types.hasNext()) {
            if (types.next().getColorModel().getColorSpace().getType() != ColorSpace.TYPE_CMYK) {
                return true;
            }
        }
        return false;
    }
}
