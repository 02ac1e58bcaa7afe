package org.centerloss.cli.option;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.centerloss.baseline.Variant;
import org.centerloss.bench.Pass;
import org.centerloss.bench.kernel.KernelOp;
import org.centerloss.bench.kernel.KernelShape;
import org.centerloss.bench.kernel.KernelSweep;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which operations are benchmarked, in which variants, at which shapes. */
public final class KernelOptions {
    private static final String NAMES = "NAME[,…]";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--op",
            split = ",",
            paramLabel = NAMES,
            description =
                    "center-loss, center-update, nearest-center, pairwise-repulsion. Default: all.")
    private List<String> ops;

    @Option(
            names = "--variant",
            split = ",",
            paramLabel = NAMES,
            completionCandidates = VariantNames.class,
            description = "${COMPLETION-CANDIDATES}. Default: all.")
    private List<String> variants;

    @Option(
            names = "--pass",
            split = ",",
            paramLabel = NAMES,
            description =
                    "forward, backward, both; operations without a gradient have forward alone."
                            + " Default: all.")
    private List<String> passes;

    @Option(
            names = "--batch",
            paramLabel = Sizes.SYNTAX,
            converter = Sizes.Converter.class,
            description = {
                "Samples m: 32,64 or 32..1024 (doubling).",
                "Without --batch, --feat-dim and --classes, one after the other is swept over m"
                        + " 32…16384, d 2…512, C 10…100000; with any of them, every combination is"
                        + " tried, and a size not given is m 1024, d 2, C 10."
            })
    private Sizes batch;

    @Option(
            names = "--feat-dim",
            paramLabel = Sizes.SYNTAX,
            converter = Sizes.Converter.class,
            description = "Features d.")
    private Sizes features;

    @Option(
            names = "--classes",
            paramLabel = Sizes.SYNTAX,
            converter = Sizes.Converter.class,
            description = "Classes C.")
    private Sizes classes;

    public List<Variant> variants() {
        return chosen("--variant", variants, Arrays.asList(Variant.values()), Variant::key);
    }

    public List<Pass> passes() {
        return chosen("--pass", passes, Arrays.asList(Pass.values()), Pass::key);
    }

    /** For each operation that has one of the passes, from the least work to the most. */
    public Map<KernelOp, List<KernelShape>> shapes() {
        Map<KernelOp, List<KernelShape>> shapes = new EnumMap<>(KernelOp.class);
        for (KernelOp op : chosen("--op", ops, Arrays.asList(KernelOp.values()), KernelOp::key)) {
            if (op.passes().stream().anyMatch(passes()::contains)) {
                shapes.put(op, shapes(op));
            }
        }
        if (shapes.isEmpty()) {
            throw refusal("--pass: none of the chosen operations has that pass");
        }
        return shapes;
    }

    /** What the names stand for, all of them without names. */
    private <T> List<T> chosen(
            String option, List<String> names, List<T> all, Function<T, String> key) {
        if (names == null) {
            return all;
        }
        List<String> keys = all.stream().map(key).toList();
        names.forEach(name -> TrainOptions.requireName(spec, option, name, keys));
        return all.stream().filter(each -> names.contains(key.apply(each))).toList();
    }

    private List<KernelShape> shapes(KernelOp op) {
        if (batch == null && features == null && classes == null) {
            return KernelSweep.standard(op);
        }
        KernelShape base = KernelSweep.BASE;
        List<KernelShape> shapes =
                KernelSweep.product(
                        op,
                        batch == null ? List.of(base.batch()) : batch.values(),
                        features == null ? List.of(base.features()) : features.values(),
                        classes == null ? List.of(base.classes()) : classes.values());
        for (KernelShape shape : shapes) {
            if (!shape.fits()) {
                throw refusal("%s: more than %d features in all".formatted(shape, 1 << 29));
            }
        }
        return shapes;
    }

    private ParameterException refusal(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
