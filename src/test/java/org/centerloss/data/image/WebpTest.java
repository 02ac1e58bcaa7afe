package org.centerloss.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.centerloss.data.known.Bytes;
import org.centerloss.data.known.Refusal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** WebP, which the platform does not read. */
class WebpTest extends DecodedImage {
    /**
     * Lossy WebP of 14 × 20 pixels: from RGB 200, 100, 50 at the top to 0, 220, 90 at the bottom;
     * made by cwebp -q 60 -m 0.
     */
    private static final byte[] LOSSY =
            Base64.getDecoder()
                    .decode(
                            "UklGRkAAAABXRUJQVlA4IDQAAABwAQCdASoUAA4AAoBCJbAABdSQAADhRpSirf/8B+IPcOD38U94"
                                    + "0kbAf/4aTMU9olecs5AA");

    @Test
    void losslessWebpGivesItsPixels() throws IOException {
        Picture picture = decode("a.webp", WebpImages.lossless(3, 5, 0xff0a141e, 0xffc86432));
        assertEquals(3, picture.height());
        assertEquals(5, picture.width());
        assertPixel(picture, 0, 0, 10, 20, 30);
        for (int i = 1; i < 15; i++) {
            assertPixel(picture, i, 0, 200, 100, 50);
        }
    }

    /**
     * Of 7 × 8,388,617 and of 9,000 × 9,000 pixels, which a decoder fills with zeros in minutes.
     */
    @Test
    void aSmallFileThatClaimsAnEnormousPictureIsRefusedAtOnce() throws IOException {
        byte[] lossless =
                HexFormat.of()
                        .parseHex(
                                "524946467000000057454250565038580a00000018000000060000080080565038"
                                        + "4c2f0000002f0600021038c8ff21fe0ff37fc0ffc0"
                                        + "bb".repeat(35)
                                        + "3b00455849461a0000004d4d002a00000008000101120003"
                                        + "000000010006000000000000");
        byte[] lossy = LOSSY.clone();
        ByteBuffer.wrap(lossy)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putShort(26, (short) 9000)
                .putShort(28, (short) 9000);
        Refusal.of(
                () -> decode("a.webp", lossless),
                "a.webp: expected at most 100000000 pixels, and 65535 along a side, found"
                        + " 8388617 × 7");
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> Refusal.of(() -> decode("a.webp", lossy), "damaged image"));
    }

    @Test
    void lossyWebpLooksAsItWasEncoded() throws IOException {
        Picture picture = decode("a.webp", LOSSY);
        assertEquals(14, picture.height());
        assertEquals(20, picture.width());
        for (int row = 0; row < 14; row++) {
            double share = row / 13.0;
            int[] expected = {
                (int) (200 - 200 * share), (int) (100 + 120 * share), (int) (50 + 40 * share)
            };
            for (int column = 0; column < 20; column++) {
                assertPixel(picture, row * 20 + column, 20, expected);
            }
        }
    }

    @Test
    void transparentWebpShowsTheBackground() throws IOException {
        Picture picture = decode("a.webp", WebpImages.lossless(2, 2, 0x000a141e, 0x80c86432));
        assertPixel(picture, 0, 0, 255, 255, 255);
        assertPixel(picture, 3, 1, 227, 177, 152);
    }

    @Test
    void animatedWebpIsItsFirstPicture() throws IOException {
        Picture picture = decode("a.webp", WebpImages.animated(2, 3, 0xff0a141e, 0xffc86432));
        assertEquals(3, picture.width());
        assertPixel(picture, 5, 0, 10, 20, 30);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void webpStandsUprightByItsMark(boolean likeJpeg) throws IOException {
        byte[] exif = MarkedImages.exif(6, ByteOrder.LITTLE_ENDIAN);
        byte[] header = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);
        Picture picture =
                decode(
                        "a.webp",
                        WebpImages.withExif(
                                3,
                                5,
                                0xff0a141e,
                                0xffc86432,
                                likeJpeg ? Bytes.joined(header, exif) : exif));
        assertEquals(5, picture.height());
        assertEquals(3, picture.width());
        // Turned to the right, the upper left corner is the upper right one.
        assertPixel(picture, 2, 0, 10, 20, 30);
        assertPixel(picture, 0, 0, 200, 100, 50);
    }

    @Test
    void webpThatIsCutOffIsRefusedWhereverItEnds() throws IOException {
        for (byte[] whole : List.of(LOSSY, WebpImages.lossless(40, 40, 0xff0a141e, 0xffc86432))) {
            for (int length = 12; length < whole.length; length++) {
                Path cut = Bytes.write(folder, "cut.webp", Arrays.copyOf(whole, length));
                Refusal.of(
                        () -> ImageDecoder.decode(cut, Background.WHITE),
                        "cut.webp: damaged image");
            }
        }
    }
}
