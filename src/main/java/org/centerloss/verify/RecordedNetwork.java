package org.centerloss.verify;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.centerloss.base.NameList;
import org.centerloss.nn.Architectures;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Parameter;
import org.centerloss.nn.Parameters;
import org.centerloss.nn.Stem;

/** Finds out which network a recorded run trains: that whose parameters have the same shapes. */
final class RecordedNetwork {
    private static final String HEAD = "fc2.weight";
    private static final String FIRST_OF_GROUP = "group1.%d.conv1.weight";

    /** The channels of the first group of the reference's network at width 1. */
    private static final int GROUP_CHANNELS = 32;

    private static final Stem[] USUAL = {Stem.STANDARD};

    private RecordedNetwork() {}

    /**
     * The network.
     *
     * @param images [count, height, width] or [count, channels, height, width]
     * @param weights the shape of each of its parameters, perhaps of the centers, too
     * @throws org.centerloss.base.InputException if no network that is known has such parameters
     */
    static NetworkShape of(RecordedFile file, int[] images, Map<String, List<Integer>> weights) {
        int rank = images.length;
        int channels = rank == 4 ? images[1] : 1;
        int height = images[rank - 2];
        int width = images[rank - 1];
        List<Integer> head = weights.getOrDefault(HEAD, List.of());
        Map<String, List<Integer>> expected = new LinkedHashMap<>(weights);
        expected.remove(Parameters.CENTERS);
        if (head.size() == 2 && head.get(0) >= 1 && head.get(1) >= 1) {
            for (Architectures architecture : Architectures.values()) {
                for (Stem stem : architecture.takesStem() ? Stem.values() : USUAL) {
                    boolean blocks = architecture.takesBlocks();
                    NetworkShape candidate =
                            new NetworkShape(
                                    channels,
                                    height,
                                    width,
                                    head.get(1),
                                    head.get(0),
                                    blocks ? blocks(weights) : 1,
                                    blocks ? widthFactor(weights) : 1,
                                    architecture.key(),
                                    stem);
                    if (Math.min(height, width) >= architecture.minimumSide(stem)
                            && shapes(candidate).equals(expected)) {
                        return candidate;
                    }
                }
            }
        }
        throw file.failure(
                "initial weights: expected those of one of %s for images of %d×%d×%d, found %s"
                        .formatted(
                                String.join(", ", Architectures.keys()),
                                channels,
                                height,
                                width,
                                weights.isEmpty() ? "none" : NameList.of(weights.keySet())));
    }

    private static int blocks(Map<String, List<Integer>> weights) {
        int blocks = 1;
        while (weights.containsKey(FIRST_OF_GROUP.formatted(blocks))) {
            blocks++;
        }
        return blocks;
    }

    private static int widthFactor(Map<String, List<Integer>> weights) {
        List<Integer> first = weights.getOrDefault(FIRST_OF_GROUP.formatted(0), List.of(1));
        return Math.max(1, first.isEmpty() ? 1 : first.get(0) / GROUP_CHANNELS);
    }

    private static Map<String, List<Integer>> shapes(NetworkShape network) {
        Map<String, List<Integer>> shapes = new LinkedHashMap<>();
        for (Parameter parameter : network.parameters()) {
            shapes.put(parameter.name(), parameter.shape());
        }
        return shapes;
    }
}
