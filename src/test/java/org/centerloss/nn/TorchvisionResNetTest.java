package org.centerloss.nn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.centerloss.base.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TorchvisionResNetTest {
    private static NetworkShape shape(String architecture, int side, Stem stem) {
        return new NetworkShape(3, side, side, 16, 10, 1, 1, architecture, stem);
    }

    private static List<String> parameters(String architecture, Stem stem) {
        return shape(architecture, 64, stem).parameters().stream()
                .map(p -> p.name() + " " + p.shape())
                .toList();
    }

    /** Torchvision's published counts, less those of its fc: 512·1000 + 1000, 2048·1000 + 1000. */
    @ParameterizedTest
    @CsvSource({
        "resnet-18, 11689512, 513000, 512",
        "resnet-34, 21797672, 513000, 512",
        "resnet-50, 25557032, 2049000, 2048"
    })
    void thereAreAsManyWeightsAsTorchvisionHas(String name, int published, int fc, int channels) {
        int head = 16 * channels + 16 + 10 * 16 + 10;
        int found =
                shape(name, 224, Stem.STANDARD).parameters().stream()
                        .filter(Parameter::trained)
                        .mapToInt(Parameter::size)
                        .sum();
        assertEquals(published - fc + head, found);
    }

    @Test
    void basicBlocksHaveTorchvisionsNamesAndShapes() {
        List<String> found = parameters("resnet-18", Stem.STANDARD);
        assertTrue(
                found.containsAll(
                        List.of(
                                "conv1.weight [64, 3, 7, 7]",
                                "bn1.running_var [64]",
                                "layer1.0.conv1.weight [64, 64, 3, 3]",
                                "layer2.0.conv1.weight [128, 64, 3, 3]",
                                "layer2.0.bn2.weight [128]",
                                "layer2.0.downsample.0.weight [128, 64, 1, 1]",
                                "layer2.0.downsample.1.running_mean [128]",
                                "layer4.1.conv2.weight [512, 512, 3, 3]",
                                "fc1.weight [16, 512]",
                                "fc2.bias [10]")),
                found::toString);
        assertTrue(
                found.stream().noneMatch(p -> p.matches("layer1.*downsample.*|.*conv.*bias.*")),
                found::toString);
        assertTrue(parameters("resnet-18", Stem.SMALL).contains("conv1.weight [64, 3, 3, 3]"));
    }

    @Test
    void bottleneckBlocksHaveTorchvisionsNamesAndShapes() {
        List<String> found = parameters("resnet-50", Stem.STANDARD);
        assertTrue(
                found.containsAll(
                        List.of(
                                "layer1.0.conv1.weight [64, 64, 1, 1]",
                                "layer1.0.conv3.weight [256, 64, 1, 1]",
                                "layer1.0.downsample.0.weight [256, 64, 1, 1]",
                                "layer3.5.conv2.weight [256, 256, 3, 3]",
                                "layer4.0.bn3.bias [2048]",
                                "fc1.weight [16, 2048]")),
                found::toString);
    }

    @Test
    void convolutionsAreDrawnAsTorchvisionDraws() {
        Parameter weight =
                shape("resnet-18", 64, Stem.STANDARD).parameters().stream()
                        .filter(p -> p.name().equals("layer2.0.conv1.weight"))
                        .findFirst()
                        .orElseThrow();
        double squares = 0;
        for (float value : weight.draw(5, 3)) {
            squares += value * value;
        }
        // Kaiming's normal over the fan-out: variance 2 / (128 · 9), known here to 1 %.
        assertEquals(2.0 / (128 * 9), squares / weight.size(), 0.01 * 2.0 / (128 * 9));
    }

    @Test
    void imagesThatAreTooSmallForTheStandardStemAreRefused() {
        shape("resnet-34", 32, Stem.STANDARD).requireSides();
        shape("resnet-34", 8, Stem.SMALL).requireSides();
        NetworkShape mnist = shape("resnet-34", 28, Stem.STANDARD);
        assertEquals(
                "images: expected at least 32×32 pixels for --network resnet-34, found 28×28;"
                        + " resize with --image-size, or take --stem small",
                assertThrows(InputException.class, mnist::requireSides).getMessage());
    }
}
