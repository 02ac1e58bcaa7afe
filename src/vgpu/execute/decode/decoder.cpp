// Decoding of a kernel: scopes, labels, calls. Functions are inlined where they are called.
#include "execute/decode/decoder.h"

#include <algorithm>

#include "execute/decode/instance.h"

namespace vgpu {

std::size_t typeBytes(const std::string& type) {
    return type == "pred" ? 0 : parseType(type).bits / 8;
}

Type parseType(const std::string& word) {
    if (word == "pred") {
        return {'p', 1};
    }
    static const std::map<std::string, unsigned> kBits = {
        {"8", 8}, {"16", 16}, {"32", 32}, {"64", 64}};
    if (word.size() >= 2 && std::string("usbf").find(word[0]) != std::string::npos) {
        auto bits = kBits.find(word.substr(1));
        if (bits != kBits.end() && !(word[0] == 'f' && bits->second == 8)) {
            return {word[0], bits->second};
        }
    }
    return {};
}

Decoder::Decoder(const PtxModule& module, const Variables& variables)
    : module_(module), variables_(variables) {
    addProductOpcodes(table_);
    addIntegerOpcodes(table_);
    addBitOpcodes(table_);
    addShiftOpcodes(table_);
    addFloatOpcodes(table_);
    addApproximateOpcodes(table_);
    addComparisonOpcodes(table_);
    addConversionOpcodes(table_);
    addMoveOpcodes(table_);
    addMemoryOpcodes(table_);
    addAtomicOpcodes(table_);
    addWarpOpcodes(table_);
    addControlOpcodes(table_);
}

Kernel Decoder::decode(const PtxFunction& entry) {
    kernel_ = Kernel{};
    kernel_.name = entry.name;
    kernel_.maxThreads = static_cast<int>(entry.maxThreads);
    code_ = std::make_shared<Code>();
    code_->sources = module_.sources;
    scopes_.assign(1, {});
    constants_.clear();
    specials_.clear();
    sharedAddresses_.clear();
    callSlots_.clear();
    intervals_.clear();
    placeShared(entry);
    defineParameters(entry);
    Instance instance{&entry, {}, {}, {}, {}};
    body(entry, instance);
    PtxStatement end{};
    end.kind = PtxStatement::Kind::Instruction;
    end.line = entry.line;
    end.opcode = "exit";
    scopes_.assign(1, {});
    instruction(end);
    code_->instructions.back().counted = false;
    kernel_.registers = estimateRegisters();
    for (const PtxVariable& variable : module_.variables) {
        auto place = variables_.find(variable.name);
        if (variable.space == "const" && place != variables_.end()) {
            auto [address, size] = place->second;
            code_->constantRanges.emplace_back(address, address + size);
        }
    }
    kernel_.code = code_;
    return kernel_;
}

void Decoder::body(const PtxFunction& function, Instance& instance) {
    instances_.push_back(&instance);
    for (const PtxStatement& statement : function.body) {
        if (statement.kind == PtxStatement::Kind::Targets) {
            instance.tables[statement.opcode] = &statement;
        }
    }
    for (const PtxStatement& statement : function.body) {
        statement_ = &statement;
        switch (statement.kind) {
            case PtxStatement::Kind::Open: scopes_.emplace_back(); break;
            case PtxStatement::Kind::Close: scopes_.pop_back(); break;
            case PtxStatement::Kind::Variable: declare(statement.variable); break;
            case PtxStatement::Kind::Targets: break;
            case PtxStatement::Kind::Label:
                instance.labels[statement.opcode] =
                    static_cast<std::uint32_t>(code_->instructions.size());
                break;
            case PtxStatement::Kind::Instruction: instruction(statement); break;
        }
    }
    resolveBranches(instance);
    instances_.pop_back();
}

void Decoder::instruction(const PtxStatement& statement) {
    statement_ = &statement;
    guard_ = kTruePredicate;
    if (!statement.guard.empty()) {
        PtxOperand guard;
        guard.name = statement.guard;
        guard_ = inPredicate(guard);
    }
    std::string name = statement.opcode.substr(0, statement.opcode.find('.'));
    modifiers_.clear();
    for (std::size_t at = name.size(); at < statement.opcode.size();) {
        std::size_t end = std::min(statement.opcode.find('.', at + 1), statement.opcode.size());
        modifiers_.push_back(statement.opcode.substr(at + 1, end - at - 1));
        at = end;
    }
    auto function = table_.find(name);
    if (function == table_.end()) {
        unknown();
    }
    function->second(*this);
    if (!modifiers_.empty()) {
        fail("unknown modifier '." + modifiers_[0] + "'");
    }
}

// Inlines the function: its parameters are the caller's variables, its `ret` goes on behind it.
void Decoder::call() {
    const PtxStatement& statement = *statement_;
    take("uni");
    if (!statement.guard.empty()) {
        fail("a guarded call is not supported");
    }
    std::size_t at = operandCount() > 0 && operand(0).kind == PtxOperand::Kind::List ? 1 : 0;
    auto callee = module_.functions.find(operand(at).name);
    if (callee == module_.functions.end()) {
        fail("call of the unknown function '" + operand(at).name + "'");
    }
    const PtxFunction& function = callee->second;
    for (const Instance* instance : instances_) {
        if (instance->function == &function) {
            fail("recursion is not supported");
        }
    }
    std::unordered_map<std::string, Symbol> scope;
    auto bind = [&](const std::vector<PtxVariable>& names, const std::vector<PtxOperand>& values) {
        if (names.size() != values.size()) {
            fail("wrong number of arguments for '" + function.name + "'");
        }
        for (std::size_t i = 0; i < names.size(); ++i) {
            scope[names[i].name] = require(values[i].name);
        }
    };
    static const std::vector<PtxOperand> kNone;
    bind(function.results, at == 1 ? operand(0).parts : kNone);
    bind(function.parameters, at + 1 < operandCount() ? operand(at + 1).parts : kNone);
    auto outer = std::move(scopes_);
    scopes_.assign(1, std::move(scope));
    Instance instance{&function, {}, {}, {}, {}};
    body(function, instance);
    scopes_ = std::move(outer);
    statement_ = &statement;
    modifiers_.clear();
}

void Decoder::leave() {
    instances_.back()->leaving.push_back(code_->instructions.size() - 1);
}

void Decoder::branchTo(Instruction& instruction, const std::string& label) {
    instances_.back()->branches.push_back(
        {static_cast<std::size_t>(&instruction - code_->instructions.data()), label});
}

void Decoder::resolveBranches(Instance& instance) {
    auto target = [&](const std::string& label, std::uint32_t line) {
        auto found = instance.labels.find(label);
        if (found == instance.labels.end()) {
            invalid(line, "unknown label '" + label + "'");
        }
        return found->second;
    };
    for (const auto& [index, label] : instance.branches) {
        Instruction& i = code_->instructions[index];
        auto table = instance.tables.find(label);
        if (table == instance.tables.end()) {
            i.target = target(label, i.line);
            continue;
        }
        i.target = static_cast<std::uint32_t>(code_->branchTables.size());
        code_->branchTables.emplace_back();
        for (const PtxOperand& entry : table->second->operands) {
            code_->branchTables.back().push_back(target(entry.name, i.line));
        }
    }
    for (std::size_t index : instance.leaving) {
        code_->instructions[index].target =
            static_cast<std::uint32_t>(code_->instructions.size());
    }
}

// The most registers alive at once, with each alive from its first to its last mention, through
// all of the loops that it is alive in. A compiler for a real GPU does better.
int Decoder::estimateRegisters() {
    const auto& instructions = code_->instructions;
    for (std::size_t i = instructions.size(); i-- > 0;) {
        std::size_t start = instructions[i].target;
        if (!instructions[i].branch || start > i) {
            continue;
        }
        for (Interval& interval : intervals_) {
            if (interval.used && interval.first < start && interval.last >= start) {
                interval.last = std::max(interval.last, i);
            }
        }
    }
    std::vector<int> change(instructions.size() + 2);
    for (const Interval& interval : intervals_) {
        if (interval.used) {
            change[interval.first] += static_cast<int>(interval.words);
            change[interval.last + 1] -= static_cast<int>(interval.words);
        }
    }
    int alive = 0, most = 0;
    for (int step : change) {
        alive += step;
        most = std::max(most, alive);
    }
    return most;
}

}  // namespace vgpu
