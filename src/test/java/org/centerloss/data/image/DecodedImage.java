package org.centerloss.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import org.centerloss.data.known.Bytes;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an image file of any format. */
abstract class DecodedImage {
    @TempDir Path folder;

    Picture decode(String name, byte[] content) throws IOException {
        return ImageDecoder.decode(Bytes.write(folder, name, content), Background.WHITE);
    }

    static void assertPixel(Picture picture, int index, int tolerance, int... expected) {
        assertEquals(expected.length, picture.channels());
        int size = picture.height() * picture.width();
        for (int channel = 0; channel < expected.length; channel++) {
            int found = picture.planes()[channel * size + index] & 0xff;
            assertEquals(expected[channel], found, tolerance, "pixel " + index + ", " + channel);
        }
    }
}
