package org.centerloss.data.image;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Pattern;
import org.centerloss.base.InputException;

/**
 * The colour that lies behind an image: it shows where the image is transparent. Written as {@code
 * white}, {@code black} or {@code #rrggbb}.
 *
 * @param red 0 to 255, as {@code green} and {@code blue}
 */
public record Background(int red, int green, int blue) {
    public static final Background WHITE = new Background(255, 255, 255);
    public static final Background BLACK = new Background(0, 0, 0);

    private static final Pattern HEXADECIMAL = Pattern.compile("#[0-9a-fA-F]{6}");

    /** Reads a colour as it is written. */
    @JsonCreator
    public static Background of(String text) {
        if (text.equals("white")) {
            return WHITE;
        }
        if (text.equals("black")) {
            return BLACK;
        }
        if (!HEXADECIMAL.matcher(text).matches()) {
            throw new InputException(
                    "--background: expected white, black or #rrggbb such as #808080, found "
                            + (text.isEmpty() ? "''" : text));
        }
        int rgb = Integer.parseInt(text.substring(1), 16);
        return new Background(rgb >> 16, rgb >> 8 & 0xff, rgb & 0xff);
    }

    /** Its samples, 0 to 255: red, green and blue, or for 1 channel the luma. */
    int[] samples(int channels) {
        return channels == 1
                ? new int[] {Picture.luma(red, green, blue)}
                : new int[] {red, green, blue};
    }

    @JsonValue
    @Override
    public String toString() {
        if (equals(WHITE)) {
            return "white";
        }
        return equals(BLACK) ? "black" : "#%02x%02x%02x".formatted(red, green, blue);
    }
}
