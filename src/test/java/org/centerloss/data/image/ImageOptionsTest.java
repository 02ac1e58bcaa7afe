package org.centerloss.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.centerloss.data.known.Refusal;
import org.junit.jupiter.api.Test;

class ImageOptionsTest {
    @Test
    void sizeIsASideOrRowsByColumns() {
        ImageOptions square = ImageOptions.AS_THEY_ARE.withSize("32");
        assertEquals(32, square.height());
        assertEquals(32, square.width());
        ImageOptions wide = ImageOptions.AS_THEY_ARE.withSize("32x48");
        assertEquals(32, wide.height());
        assertEquals(48, wide.width());
    }

    @Test
    void badSizesAreRefused() {
        for (String size : new String[] {"", "0", "32x0", "x32", "-3", "4097", "big", "32x32x3"}) {
            Refusal.of(
                    () -> ImageOptions.AS_THEY_ARE.withSize(size),
                    "--image-size",
                    "1 to 4096",
                    "found " + size);
        }
    }

    @Test
    void channelsAreOneOrThree() {
        Refusal.of(
                () -> ImageOptions.AS_THEY_ARE.withChannels(2),
                "--channels: expected 1 (grayscale) or 3 (RGB), found 2");
    }

    @Test
    void filesFromBeforeThereWereThemSquashAndKeepBlack() throws IOException {
        ObjectMapper json = new ObjectMapper();
        String old = "{'height':28,'width':28,'channels':1,'testFraction':0.2,'seed':0}";
        ImageOptions read = json.readValue(old.replace('\'', '"'), ImageOptions.class);
        assertEquals(Background.BLACK, read.background());
        assertEquals(Resize.SQUASH, read.resize());
        assertEquals(Background.WHITE, ImageOptions.AS_THEY_ARE.background());
        assertEquals(Resize.CROP, ImageOptions.AS_THEY_ARE.resize());
        ImageOptions gray =
                ImageOptions.AS_THEY_ARE
                        .withBackground(Background.of("#808080"))
                        .withResize(Resize.PAD);
        assertEquals(gray, json.readValue(json.writeValueAsString(gray), ImageOptions.class));
    }

    @Test
    void whatOlderVersionsWroteMeansWhatItMeantThen() throws IOException {
        String old = "{\"height\":0,\"width\":0,\"channels\":0,\"testFraction\":0.25,\"seed\":7}";
        ImageOptions options = new ObjectMapper().readValue(old, ImageOptions.class);
        assertEquals(0, options.validationFraction());
        assertEquals(ImageOptions.Split.BY_POSITION, options.split());
        assertEquals(0.25, options.testFraction());
    }
}
