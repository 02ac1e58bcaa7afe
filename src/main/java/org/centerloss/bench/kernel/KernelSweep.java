package org.centerloss.bench.kernel;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.centerloss.baseline.Variant;

/** Which shapes are tried. */
public final class KernelSweep {
    /** Where a size that is not asked for stays: the demo's features and classes. */
    public static final KernelShape BASE = new KernelShape(1024, 2, 10);

    private static final List<Integer> BATCHES = List.of(32, 128, 512, 1024, 4096, 16_384);
    private static final List<Integer> FEATURES = List.of(2, 16, 128, 512);
    private static final List<Integer> CLASSES = List.of(10, 100, 1000, 10_000, 100_000);

    private KernelSweep() {}

    /** One size after the other over its range, the others as in {@link #BASE}. */
    public static List<KernelShape> standard(KernelOp op) {
        Set<KernelShape> shapes = new LinkedHashSet<>();
        BATCHES.forEach(m -> shapes.add(new KernelShape(m, BASE.features(), BASE.classes())));
        FEATURES.forEach(d -> shapes.add(new KernelShape(BASE.batch(), d, BASE.classes())));
        if (op == KernelOp.PAIRWISE_REPULSION) {
            shapes.add(new KernelShape(4096, 128, BASE.classes()));
        } else {
            CLASSES.forEach(c -> shapes.add(new KernelShape(BASE.batch(), BASE.features(), c)));
            shapes.add(new KernelShape(16_384, 128, BASE.classes()));
        }
        return ordered(op, shapes);
    }

    /** Every combination of these sizes. */
    public static List<KernelShape> product(
            KernelOp op, List<Integer> batches, List<Integer> features, List<Integer> classes) {
        Set<KernelShape> shapes = new LinkedHashSet<>();
        for (int m : batches) {
            for (int d : features) {
                for (int c : classes) {
                    shapes.add(new KernelShape(m, d, c));
                }
            }
        }
        return ordered(op, shapes);
    }

    /** From the least work to the most, so that times can be predicted. */
    private static List<KernelShape> ordered(KernelOp op, Set<KernelShape> shapes) {
        List<KernelShape> ordered = new ArrayList<>(shapes);
        ordered.sort(
                Comparator.comparingDouble(shape -> KernelPlan.work(op, Variant.COMPOSED, shape)));
        return ordered;
    }
}
