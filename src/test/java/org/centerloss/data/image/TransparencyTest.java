package org.centerloss.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.centerloss.data.known.Bytes;
import org.centerloss.data.known.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransparencyTest {
    private static final Background TEAL = Background.of("#108090");
    private static final List<Background> BACKGROUNDS =
            List.of(Background.WHITE, Background.BLACK, TEAL);

    /** Luma of TEAL: 0.299 · 16 + 0.587 · 128 + 0.114 · 144 = 96.3. */
    private static final int TEAL_LUMA = 96;

    @TempDir private Path folder;

    /** Asserts that a file of 12 equal pixels has this colour, with this alpha of 255. */
    private void assertBlended(Path file, int alpha, int... colour) {
        for (Background background : BACKGROUNDS) {
            Picture picture = ImageDecoder.decode(file, background);
            assertEquals(colour.length, picture.channels(), file.toString());
            int[] behind =
                    colour.length == 3
                            ? new int[] {background.red(), background.green(), background.blue()}
                            : new int[] {background.equals(TEAL) ? TEAL_LUMA : background.red()};
            for (int i = 0; i < picture.planes().length; i++) {
                int channel = i / 12;
                double expected =
                        (colour[channel] * alpha + behind[channel] * (255 - alpha)) / 255.0;
                // Half a step for rounding; 16 bits are rounded once more.
                assertEquals(
                        expected,
                        picture.planes()[i] & 0xff,
                        1,
                        file.getFileName() + " over " + background);
            }
        }
    }

    private Path write(String name, BufferedImage image) {
        return Images.write(folder.resolve(name), image);
    }

    private static BufferedImage component(int space, int transfer, int... samples) {
        return Images.fill(Images.of(space, transfer, true, false), samples);
    }

    @Test
    void alphaOfEveryDepthShowsTheBackground() {
        for (int alpha : new int[] {0, 128, 255}) {
            for (String ending : new String[] {".png", ".tiff"}) {
                String name = alpha + ending;
                assertBlended(
                        write(
                                "rgb8-" + name,
                                component(ColorSpace.CS_sRGB, 0, 200, 100, 250, alpha)),
                        alpha,
                        200,
                        100,
                        250);
                assertBlended(
                        write("gray8-" + name, component(ColorSpace.CS_GRAY, 0, 200, alpha)),
                        alpha,
                        200);
                assertBlended(
                        write(
                                "rgb16-" + name,
                                component(
                                        ColorSpace.CS_sRGB,
                                        DataBuffer.TYPE_USHORT,
                                        200 * 257,
                                        100 * 257,
                                        250 * 257,
                                        alpha * 257)),
                        alpha,
                        200,
                        100,
                        250);
                assertBlended(
                        write(
                                "gray16-" + name,
                                component(
                                        ColorSpace.CS_GRAY,
                                        DataBuffer.TYPE_USHORT,
                                        200 * 257,
                                        alpha * 257)),
                        alpha,
                        200);
            }
        }
    }

    @Test
    void premultipliedColoursAreNotWeighedAgain() {
        BufferedImage image = Images.of(ColorSpace.CS_sRGB, DataBuffer.TYPE_BYTE, true, true);
        Path file = write("premultiplied.tiff", Images.fill(image, 100, 50, 125, 128));
        assertBlended(file, 128, 199, 100, 249);
    }

    @Test
    void transparentPaletteEntriesShowTheBackground() {
        byte[] ramp = {0, 80, (byte) 200, (byte) 240};
        byte[] zeros = new byte[4];
        byte[] alphas = {-1, 0, (byte) 128, -1};
        IndexColorModel gray = new IndexColorModel(2, 4, ramp, ramp, ramp, alphas);
        IndexColorModel red = new IndexColorModel(2, 4, ramp, zeros, zeros, alphas);
        int type = BufferedImage.TYPE_BYTE_BINARY;
        int[] expected = {255, 0, 128, 255};
        for (int index = 0; index < 4; index++) {
            int value = ramp[index] & 0xff;
            BufferedImage grays = Images.fill(new BufferedImage(4, 3, type, gray), index);
            assertBlended(write("gray" + index + ".png", grays), expected[index], value);
            BufferedImage reds = Images.fill(new BufferedImage(4, 3, type, red), index);
            assertBlended(write("red" + index + ".png", reds), expected[index], value, 0, 0);
        }
    }

    @Test
    void transparentColourOfGifShowsTheBackground() {
        byte[] ramp = {10, 80, (byte) 200, (byte) 240};
        IndexColorModel palette = new IndexColorModel(2, 4, ramp, ramp, new byte[4], 1);
        int type = BufferedImage.TYPE_BYTE_INDEXED;
        // In one row: the platform's own GIF writer loses rows where there are two to four.
        Path clear = write("1.gif", Images.fill(new BufferedImage(12, 1, type, palette), 1));
        assertBlended(clear, 0, 80, 80, 0);
        Path opaque = write("2.gif", Images.fill(new BufferedImage(12, 1, type, palette), 2));
        assertBlended(opaque, 255, 200, 200, 0);
    }

    @Test
    void oneColourOfPngThatIsTransparentShowsTheBackground() throws IOException {
        for (int value : new int[] {200, 201}) {
            int alpha = value == 200 ? 0 : 255;
            byte[] gray =
                    MarkedImages.encoded(
                            Images.flat(BufferedImage.TYPE_BYTE_GRAY, 3, 4, value), "png");
            byte[] grayKey = {0, (byte) 200};
            assertBlended(
                    Bytes.write(folder, "g.png", MarkedImages.withChunk(gray, "tRNS", grayKey)),
                    alpha,
                    value);
            byte[] rgb =
                    MarkedImages.encoded(
                            Images.flat(BufferedImage.TYPE_INT_RGB, 3, 4, value, 7, 9), "png");
            byte[] rgbKey = {0, (byte) 200, 0, 7, 0, 9};
            assertBlended(
                    Bytes.write(folder, "c.png", MarkedImages.withChunk(rgb, "tRNS", rgbKey)),
                    alpha,
                    value,
                    7,
                    9);
        }
    }

    @Test
    void blackInkOnTransparentPaperIsNoBlackSquare() {
        BufferedImage drawing = new BufferedImage(4, 3, BufferedImage.TYPE_INT_ARGB);
        drawing.setRGB(1, 1, 0xff000000);
        Picture picture = ImageDecoder.decode(write("ink.png", drawing), Background.WHITE);
        for (int i = 0; i < 12; i++) {
            assertEquals(i == 5 ? 0 : 255, picture.planes()[i] & 0xff);
        }
    }

    @Test
    void backgroundIsANameOrSixHexadecimalDigits() {
        assertEquals(new Background(255, 255, 255), Background.of("white"));
        assertEquals(new Background(0, 0, 0), Background.of("black"));
        assertEquals(new Background(1, 171, 255), Background.of("#01ABff"));
        for (String text : new String[] {"white", "black", "#01abff"}) {
            assertEquals(text, Background.of(text).toString());
        }
        for (String bad : new String[] {"", "red", "#fff", "#12345g", "123456", "#-12345"}) {
            Refusal.of(() -> Background.of(bad), "--background", "white, black or #rrggbb");
        }
    }
}
