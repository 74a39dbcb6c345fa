//! The actions of the policy by number, those with a level first.

use rolecall::compiler::program::Program;

macro_rules! actions {
    ($($name:ident $text:literal,)*) => {
        /// An action of the policy.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action {
            $($name,)*
        }

        const NAMES: &[(&str, Action)] = &[$(($text, Action::$name),)*];
    };
}

actions! {
    ChannelView "channel.view",
    ChannelEdit "channel.edit",
    ChannelConnect "channel.connect",
    StatisticsView "statistics.view",
    HistoryView "history.view",
    ChatJoin "chat.join",
    ChatRate "chat.rate",
    AccessEdit "access.edit",
    CannedResponseUse "canned_response.use",
    CallView "call.view",
    RecordingListen "recording.listen",
    RecordingDelete "recording.delete",
    CallMake "call.make",
    PhoneConfigure "phone.configure",
    TelephonyConfigure "telephony.configure",
    NumberManage "number.manage",
    BalanceManage "balance.manage",
    RecordingDownload "recording.download",
    RecordingReach "recording.reach",
    ChannelConfigure "channel.configure",
    AppInstall "app.install",
    AppUse "app.use",
    AppTabOpen "app_tab.open",
    CrmRead "crm.read",
    CrmChange "crm.change",
    CrmDelete "crm.delete",
    CrmExport "crm.export",
    CrmAdd "crm.add",
    CrmImport "crm.import",
}

/// How many of them have a level: those of open channels, then from `call.view` those of telephony.
pub const ACTIONS_WITH_LEVEL: usize = Action::BalanceManage as usize + 1;

/// The action behind each action of a program that is the policy.
pub fn of_program(program: &Program) -> Result<Vec<Action>, String> {
    let named = |name: &str| NAMES.iter().find(|(other, _)| *other == name).map(|(_, action)| *action);
    let actions = program.actions.iter().map(|action| named(&action.name).ok_or_else(|| action.name.clone()));
    actions.collect::<Result<_, _>>().map_err(|name| format!("the hand-written evaluator has no action `{name}`"))
}
