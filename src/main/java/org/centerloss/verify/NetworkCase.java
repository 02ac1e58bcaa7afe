package org.centerloss.verify;

import java.util.ArrayList;
import java.util.List;
import org.centerloss.loss.Objectives;
import org.centerloss.nn.Architectures;
import org.centerloss.nn.NetworkShape;
import org.centerloss.nn.Stem;

/**
 * A network whose first step is verified.
 *
 * @param batch how many images
 * @param imageScale standard deviation of the pixels
 * @param differences finite differences at most, each of several tensors where there are more
 */
record NetworkCase(
        String name,
        NetworkShape shape,
        Objectives choice,
        int batch,
        double imageScale,
        int differences) {
    /** Image shapes that the objectives take turns with; small, odd and rectangular ones. */
    private static final List<NetworkShape> SHAPES =
            List.of(
                    new NetworkShape(1, 12, 12, 2, 4, 1, 1),
                    new NetworkShape(3, 13, 12, 5, 3, 1, 1),
                    new NetworkShape(1, 12, 14, 17, 4, 1, 1));

    private static final int BATCH = 5;

    /** With which objective the other architectures are tried: its gradient differs by sample. */
    private static final Objectives OTHER_NETWORKS = Objectives.XENT;

    /**
     * Larger values of pixels keep the inputs of ReLUs as much farther from zero where no
     * normalisation follows, while rounding errors stay as small beside them.
     */
    private static final double OTHER_SCALE = 8;

    private static final int OTHER_DIFFERENCES = 2;

    /** The reference's network with each of the objectives, then the other architectures. */
    static List<NetworkCase> of(List<Objectives> objectives) {
        List<NetworkCase> cases = new ArrayList<>();
        for (Objectives choice : objectives) {
            NetworkShape shape = SHAPES.get(choice.ordinal() % SHAPES.size());
            cases.add(new NetworkCase(choice.key(), shape, choice, BATCH, 1, Integer.MAX_VALUE));
        }
        if (objectives.contains(OTHER_NETWORKS)) {
            for (Architectures architecture : Architectures.values()) {
                if (architecture != Architectures.RESNET) {
                    cases.add(other(architecture));
                }
            }
        }
        return cases;
    }

    /** The smallest images that an architecture takes, not square. */
    private static NetworkCase other(Architectures architecture) {
        int side = architecture.minimumSide(Stem.STANDARD);
        String key = architecture.key();
        return new NetworkCase(
                key,
                new NetworkShape(1, side + 1, side, 3, 4, 1, 1, key, Stem.STANDARD),
                OTHER_NETWORKS,
                BATCH,
                OTHER_SCALE,
                OTHER_DIFFERENCES);
    }

    /** The sizes in words. */
    String text() {
        return "%d×%d×%d×%d, d %d, C %d"
                .formatted(
                        batch,
                        shape.channels(),
                        shape.height(),
                        shape.width(),
                        shape.features(),
                        shape.classes());
    }
}
